# TSK-06: awaiting a future of another loop raises RuntimeError "... attached to a different loop"
# at the await, as the next step; the foreign future is not touched.
import asyncio


async def confused(foreign):
    asyncio.get_running_loop().call_soon(print, "an iteration passed")
    try:
        await foreign
    except RuntimeError as e:
        print("RuntimeError", "attached to a different loop" in str(e))
    await asyncio.sleep(0)
    return "survived"


async def amain(other):
    foreign = other.create_future()
    print(await confused(foreign))
    print(foreign.done())
    foreign = other.create_future()
    task = asyncio.create_task(confused(foreign))
    print(await task)
    foreign.set_result(3)
    print(await foreign, "since a done future needs no loop")


other = asyncio.new_event_loop()
asyncio.run(amain(other))
other.close()
