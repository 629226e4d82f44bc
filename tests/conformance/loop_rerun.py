# LIF-06: after a run the running loop is cleared; handles, tasks and timers that were left keep
# their order and continue in the next run.
import asyncio


def running(loop):
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError as e:
        return str(e)


async def steps(name, count):
    for i in range(count):
        print(name, i)
        await asyncio.sleep(0)
    print(name, "end")


def main():
    loop = asyncio.new_event_loop()
    print(running(loop))
    a = loop.create_task(steps("a", 4))
    b = loop.create_task(steps("b", 2))
    for turn in range(3):
        loop.stop()
        loop.run_forever()
        print("turn", turn, running(loop), a.done(), b.done())
    loop.call_soon(lambda: print("inside", running(loop)))
    loop.run_until_complete(a)
    print(a.done(), b.done(), running(loop))
    loop.close()


main()
