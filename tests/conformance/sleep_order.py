# TSK-30, SCH-03: sleepers wake by deadline, not in creation order; equal sleeps keep their order;
# sleeping tasks do not hold up the ones that are ready.
import asyncio


async def sleeper(name, delay):
    await asyncio.sleep(delay)
    print("woke", name)
    return name


async def busy():
    for i in range(3):
        print("busy", i)
        await asyncio.sleep(0)


async def amain():
    tasks = [
        asyncio.create_task(sleeper(n, d))
        for n, d in (("60ms", 0.06), ("20ms", 0.02), ("40ms", 0.04), ("now", 0))
    ]
    tasks.append(asyncio.create_task(busy()))
    results = await asyncio.gather(*tasks[:4])
    print(results)
    one = asyncio.create_task(sleeper("one", 0.01))
    two = asyncio.create_task(sleeper("two", 0.01))
    print(await asyncio.gather(two, one))
    print(await sleeper("inline", 0.001))


asyncio.run(amain())
