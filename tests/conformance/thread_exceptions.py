# Pins EXE-05, EXE-04: exceptions of the worker arrive unchanged at the await, through to_thread, an
# executor and gather; the loop and the pool stay usable.
import asyncio


class Custom(Exception):
    pass


def fail(kind):
    if kind == "value":
        raise ValueError("from a thread")
    if kind == "custom":
        raise Custom("custom")
    if kind == "timeout":
        raise TimeoutError("deadline")
    return kind


async def amain():
    loop = asyncio.get_running_loop()
    for kind in ("value", "custom", "timeout", "fine"):
        try:
            print("result", await asyncio.to_thread(fail, kind))
        except Exception as e:
            print("to_thread", repr(e))
    future = loop.run_in_executor(None, fail, "custom")
    try:
        await future
    except Custom as e:
        print("executor", repr(e), e is future.exception())
    results = await asyncio.gather(*[asyncio.to_thread(fail, k) for k in ("a", "value", "b")],
                                   return_exceptions=True)
    print([r if isinstance(r, str) else repr(r) for r in results])


asyncio.run(amain())
