# Pins TGP-11, TGP-13: create_task is refused before entry, while aborting and after the end, and a
# group is entered once; the refused coroutine never starts.
import asyncio


async def child():
    print("child runs")


def refused(tg):
    coro = child()
    try:
        tg.create_task(coro)
        print("accepted")
    except RuntimeError as e:
        coro.close()
        for text in ("has not been entered", "is finished", "is shutting down"):
            if text in str(e):
                print("refused:", text)


async def late(tg):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        refused(tg)
        raise


async def amain():
    tg = asyncio.TaskGroup()
    refused(tg)
    try:
        async with tg:
            tg.create_task(late(tg))
            await asyncio.sleep(0)
            try:
                async with tg:
                    print("not reached")
            except RuntimeError as e:
                print("has already been entered" in str(e) or "has been already entered" in str(e))
            raise ValueError("stop")
    except ExceptionGroup as g:
        print(list(g.exceptions))
    refused(tg)


asyncio.run(amain())
