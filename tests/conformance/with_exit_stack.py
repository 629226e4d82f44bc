# Pins AGN-01 (AsyncExitStack): managers and callbacks are left last in, first out, also when
# entering a later one fails; pop_all moves them out.
import asyncio
from contextlib import AsyncExitStack


class Manager:
    def __init__(self, name, fail=False):
        self.name = name
        self.fail = fail

    async def __aenter__(self):
        if self.fail:
            raise ValueError(self.name)
        print(self.name, "enter")
        return self

    async def __aexit__(self, kind, exc, tb):
        await asyncio.sleep(0)
        print(self.name, "exit", repr(exc))


async def farewell(text):
    await asyncio.sleep(0)
    print(text)


async def amain():
    async with AsyncExitStack() as stack:
        for name in ("a", "b"):
            await stack.enter_async_context(Manager(name))
        stack.push_async_callback(farewell, "async callback")
        stack.callback(print, "callback")
        print("body")
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager("c"))
            await stack.enter_async_context(Manager("d", fail=True))
            print("not reached")
    except ValueError as e:
        print("raised", repr(e))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager("e"))
        kept = stack.pop_all()
    print("nothing left so far")
    await kept.aclose()
    print("end")


asyncio.run(amain())
