import asyncio

import aiohttp
from aiohttp import web

from service.web.server import listening


async def get(port, path="/"):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return await answer.text()


def app_answering(handler):
    app = web.Application()
    app.router.add_get("/", handler)
    return app


async def answer_at_once(_request):
    return web.Response(text="here")


async def test_a_free_port_is_taken_and_told():
    async with listening(app_answering(answer_at_once), "127.0.0.1", 0, is_shared=False) as port:
        assert await get(port) == "here"


async def test_several_may_share_a_port():
    async with (
        listening(app_answering(answer_at_once), "127.0.0.1", 0, is_shared=True) as port,
        listening(app_answering(answer_at_once), "127.0.0.1", port, is_shared=True) as same,
    ):
        assert same == port
        assert await get(port) == "here"


async def test_a_request_under_way_is_finished_at_the_end():
    came, may_go = asyncio.Event(), asyncio.Event()

    async def answer_late(_request):
        came.set()
        await may_go.wait()
        return web.Response(text="finished")

    async with listening(app_answering(answer_late), "127.0.0.1", 0, is_shared=False) as port:
        call = asyncio.create_task(get(port))
        await came.wait()
        asyncio.get_running_loop().call_later(0.05, may_go.set)
    assert await call == "finished"
