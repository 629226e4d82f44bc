# SCH-01, G-04: the wake-up of a task queues like any call_soon: behind what was scheduled before
# the future completed, in front of what was scheduled after.
import asyncio


async def waiter(name, fut):
    print(name, await fut)
    asyncio.get_running_loop().call_soon(print, "soon from", name)
    await asyncio.sleep(0)
    print(name, "end")


async def amain():
    loop = asyncio.get_running_loop()
    one, two = loop.create_future(), loop.create_future()
    a = asyncio.create_task(waiter("a", one))
    b = asyncio.create_task(waiter("b", two))
    await asyncio.sleep(0)
    loop.call_soon(print, "before")
    two.set_result(2)
    loop.call_soon(print, "between")
    one.set_result(1)
    loop.call_soon(print, "after")
    print("set")
    await asyncio.sleep(0)
    print("main")
    await a
    await b


asyncio.run(amain())
