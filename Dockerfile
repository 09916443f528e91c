# The service alone: PostgreSQL and Redis or Valkey are named by DATABASE_URL and REDIS_URL (deploy/compose.yaml).
FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends g++ python3-dev python3-venv
WORKDIR /source
COPY pyproject.toml ci/constraints.txt ./
RUN python3 -m venv /build && /build/bin/pip install --no-cache-dir -c constraints.txt --group build
COPY CMakeLists.txt README.md ./
COPY engine engine
COPY service service
# Every dependency as a wheel too: the next stage needs no network, no compiler and no index.
RUN PATH=/build/bin:$PATH pip wheel --no-cache-dir --no-build-isolation -c constraints.txt --wheel-dir /wheels .

FROM debian:trixie-slim
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/chainbook --create-home chainbook
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python3 -m venv /opt/chainbook && /opt/chainbook/bin/pip install --no-cache-dir --no-index --find-links /wheels chainbook
ENV PATH=/opt/chainbook/bin:$PATH PYTHONUNBUFFERED=1 \
    APP_ENV=production APP_HOST=0.0.0.0 APP_PORT=8000 DATA_DIR=/var/lib/chainbook
USER chainbook
WORKDIR /var/lib/chainbook
EXPOSE 8000
# 503 raises in urlopen, so an unhealthy answer fails the check as no answer does.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"APP_PORT\"]}/health', timeout=5)"]
ENTRYPOINT ["chainbook"]
CMD ["serve"]
