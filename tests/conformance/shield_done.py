# TSK-37: shield of a finished future returns that very future; several shields of one inner are
# independent: cancelling one leaves the others and the inner alone.
import asyncio


async def waiter(name, aw):
    try:
        print(name, await aw)
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def amain():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    done.set_result("done")
    print(asyncio.shield(done) is done)
    loop.call_soon(print, "an iteration passed")
    print(await asyncio.shield(done))
    await asyncio.sleep(0)
    inner = loop.create_future()
    one, two = asyncio.shield(inner), asyncio.shield(inner)
    print(one is two, one is inner)
    a = asyncio.create_task(waiter("a", one))
    b = asyncio.create_task(waiter("b", two))
    await asyncio.sleep(0)
    a.cancel()
    await asyncio.sleep(0)
    print(one.cancelled(), two.cancelled(), inner.cancelled())
    inner.set_result("shared")
    await asyncio.wait([a, b])
    print(a.cancelled(), b.cancelled())


asyncio.run(amain())
