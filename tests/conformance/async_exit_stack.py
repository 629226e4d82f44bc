# Pins AGN-01 (contextlib.AsyncExitStack): every kind of exit runs last in first out, each with the
# exception that the one before it left; replacing, swallowing, pop_all, and what a new exception
# says of the one it replaces.
import asyncio
from contextlib import AsyncExitStack


class Manager:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    async def __aenter__(self):
        await asyncio.sleep(0)
        print("enter", self.name)
        return self.name

    async def __aexit__(self, kind, error, trace):
        await asyncio.sleep(0)
        print("exit", self.name, repr(error))
        return self.swallow


class Refusing(Manager):
    async def __aenter__(self):
        raise RuntimeError(self.name + " refuses")


def chain(error):
    text = repr(error)
    while error.__context__ is not None:
        error = error.__context__
        text += " <- " + repr(error)
    return text


async def note(what, n):
    await asyncio.sleep(0)
    print(what, n)
    return True


def plain(what):
    print(what)
    return True


async def fail(error):
    await asyncio.sleep(0)
    raise error


async def swallow(kind, error, trace):
    print("swallows", repr(error))
    return True


def look(kind, error, trace):
    print("looks at", repr(error))
    return False


async def order():
    async with AsyncExitStack() as stack:
        print(await stack.enter_async_context(Manager("a")))
        stack.push_async_callback(note, "async callback", 1)
        stack.callback(plain, "callback")
        stack.push(look)
        stack.push_async_exit(Manager("pushed"))
        print(await stack.enter_async_context(Manager("b")))
        print("body")


async def errors():
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager("a"))
            stack.push_async_callback(note, "async callback", 2)
            await stack.enter_async_context(Refusing("b"))
            print("not reached")
    except RuntimeError as e:
        print("raised", chain(e))


async def swallowing():
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager("outer"))
        await stack.enter_async_context(Manager("swallows", True))
        await stack.enter_async_context(Manager("inner"))
        raise ValueError("x")
    print("goes on")


async def replacing():
    try:
        async with AsyncExitStack() as stack:
            stack.push(look)
            stack.push_async_callback(fail, ValueError("second"))
            stack.push(look)
            stack.push_async_callback(fail, LookupError("first"))
            raise OSError("body")
    except Exception as e:
        print("raised", chain(e))


async def swallowed_in_between():
    try:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(fail, ValueError("after"))
            stack.push_async_exit(swallow)
            stack.push_async_callback(fail, LookupError("before"))
            raise OSError("body")
    except Exception as e:
        print("raised", chain(e))
    async with AsyncExitStack() as stack:
        stack.push_async_exit(swallow)
        stack.push_async_callback(fail, LookupError("alone"))
    print("goes on")


async def popping():
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager("kept"))
        stack.callback(plain, "kept callback")
        kept = stack.pop_all()
        stack.callback(plain, "own callback")
    print("left")
    await kept.aclose()
    await kept.aclose()


async def closing():
    stack = AsyncExitStack()
    stack.push_async_callback(fail, ValueError("second"))
    stack.push_async_callback(fail, LookupError("first"))
    try:
        await stack.aclose()
    except Exception as e:
        print("raised", chain(e))


async def wait():
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager("outer"))
        await stack.enter_async_context(Manager("inner"))
        await asyncio.sleep(3600)


async def cancelling():
    task = asyncio.create_task(wait())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel("stop")
    await asyncio.wait([task])
    print("cancelled", task.cancelled())


async def amain():
    for part in (order, errors, swallowing, replacing, swallowed_in_between, popping, closing,
                 cancelling):
        print("--", part.__name__)
        await part()


asyncio.run(amain())
