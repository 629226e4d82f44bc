"""The idioms of docs/porting.md, in Python."""
import asyncio
from contextlib import AsyncExitStack


class Resource:
    # [manager]
    async def __aenter__(self):
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, kind, error, trace):
        await asyncio.sleep(0)
        print("released")
        return False
    # [/manager]


async def fetch():
    await asyncio.sleep(0)
    raise ConnectionResetError("gone")


async def retry():
    await asyncio.sleep(0)
    return "second try"


async def use_manager():
    # [with]
    async with Resource() as resource:
        print("using", type(resource).__name__)
    # [/with]


async def use_several(lock):
    # [managers]
    async with lock, asyncio.timeout(1), asyncio.TaskGroup() as tg:
        tg.create_task(asyncio.sleep(0))
        print("all entered")
    # [/managers]


async def use_stack():
    # [stack]
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(Resource())
        stack.callback(print, "first out")
    # [/stack]


async def close_over(page):
    # [closure]
    words = ["some", "words"]

    async def count():
        await asyncio.sleep(0)
        return len(words)

    task = asyncio.create_task(count())
    # [/closure]
    print(await task, "words")

    # [own]
    async def send():
        await asyncio.sleep(0)
        print("sent", page)

    await asyncio.create_task(send())
    # [/own]


async def handle():
    # [except]
    try:
        page = await fetch()
    except ConnectionError as e:
        print("retrying after", e)
        page = await retry()
    # [/except]
    print(page)


async def clean_up():
    # [finally]
    try:
        await asyncio.sleep(0)
        print("working")
    finally:
        await asyncio.sleep(0)
        print("cleaned up")
    # [/finally]


# [generator]
async def countdown(start):
    for i in range(start, 0, -1):
        yield i
        await asyncio.sleep(0)
# [/generator]


async def iterate():
    # [for]
    async for i in countdown(3):
        print(i)
    # [/for]


async def guard(lock):
    # [lock]
    async with lock:
        print("locked")
    # [/lock]


async def several():
    # [errors]
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fetch())
    except* ConnectionError as group:
        print(len(group.exceptions), "connection error")
    # [/errors]


async def deadline():
    # [timeout]
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(3600)
    except TimeoutError:
        print("too late")
    # [/timeout]


async def main():
    await use_manager()
    await use_several(asyncio.Lock())
    await use_stack()
    await close_over("a page")
    await handle()
    await clean_up()
    await iterate()
    await guard(asyncio.Lock())
    await deadline()
    await several()


asyncio.run(main())
