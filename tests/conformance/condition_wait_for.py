# Pins LCK-08, LCK-09: wait_for re-checks the predicate after every wake-up and returns its last
# value; a notification that does not make it true leaves the waiter asleep.
import asyncio

items = []


def two_items():
    print("checked", len(items))
    return len(items) >= 2


async def consumer(cond):
    async with cond:
        print("result", await cond.wait_for(two_items))
        print("took", items)
        items.clear()


async def producer(cond):
    for i in range(2):
        async with cond:
            items.append(i)
            cond.notify()
            print("produced", i)
        await asyncio.sleep(0)


async def amain():
    cond = asyncio.Condition()
    await asyncio.gather(consumer(cond), producer(cond))
    print(items, cond.locked())


asyncio.run(amain())
