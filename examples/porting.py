"""The idioms of docs/porting.md, in Python."""
import asyncio


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
    await handle()
    await clean_up()
    await iterate()
    await guard(asyncio.Lock())
    await deadline()
    await several()


asyncio.run(main())
