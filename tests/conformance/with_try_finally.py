# Pins AGN-05: clean-up behind finally runs on success, error and cancel; a second cancel interrupts
# it; an error in it replaces the first one.
import asyncio


async def work(kind):
    try:
        await asyncio.sleep(0)
        if kind == "fail":
            raise ValueError("body")
        if kind in ("cancel", "cancel twice"):
            await asyncio.sleep(10)
        print("body done")
        return kind
    finally:
        print("clean-up")
        for _ in range(3):
            await asyncio.sleep(0)
        print("cleaned up")
        if kind == "replace":
            raise LookupError("clean-up")


async def amain():
    for kind in ("ok", "fail", "replace", "cancel", "cancel twice"):
        task = asyncio.create_task(work(kind))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for _ in range(kind.count("cancel") + kind.count("twice")):
            task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await asyncio.wait([task])
        if task.cancelled():
            print(kind, "->", "cancelled")
        elif task.exception() is not None:
            print(kind, "->", repr(task.exception()))
        else:
            print(kind, "->", task.result())


asyncio.run(amain())
