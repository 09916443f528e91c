"""`python -m service` is `chainbook`."""

from service.cli import main

if __name__ == "__main__":
    main()
