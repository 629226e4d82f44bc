# Pins TGP-02, TGP-04: a body that swallows the group's cancel and ends normally still gets the
# group raised at exit, and the request is withdrawn once.
import asyncio


async def fail():
    await asyncio.sleep(0)
    raise ValueError("child")


async def amain():
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fail())
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                print("swallowed", task.cancelling())
            await asyncio.sleep(0)
            print("body ends normally")
    except ExceptionGroup as g:
        print(str(g), list(g.exceptions))
    print("cancelling", task.cancelling())


asyncio.run(amain())
