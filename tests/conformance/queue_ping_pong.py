# Pins QUE-02 and section 0.1: a blocked get resumes two iterations after the put; the ticks count
# every hand-over between two tasks.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def player(name, inbox, outbox):
    for _ in range(3):
        ball = await inbox.get()
        print(name, "has", ball)
        await outbox.put(ball + 1)


async def amain():
    ping = asyncio.Queue()
    pong = asyncio.Queue()
    one = asyncio.create_task(player("ping", ping, pong))
    two = asyncio.create_task(player("pong", pong, ping))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(tick, 1, 9)
    ping.put_nowait(0)
    await asyncio.gather(one, two)
    print("left over", ping.get_nowait(), pong.empty())


asyncio.run(amain())
