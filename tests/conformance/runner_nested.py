# RUN-01: run() and Runner.run() inside a running loop raise RuntimeError with the documented texts
# and do not start the coroutine; the running loop goes on.
import asyncio


async def inner():
    print("must not start")


async def amain():
    loop = asyncio.get_running_loop()
    coro = inner()
    try:
        asyncio.run(coro)
    except RuntimeError as e:
        print("RuntimeError", e)
    coro.close()
    coro = inner()
    runner = asyncio.Runner()
    try:
        runner.run(coro)
    except RuntimeError as e:
        print("RuntimeError", e)
    coro.close()
    runner.close()
    await asyncio.sleep(0)
    print(asyncio.get_running_loop() is loop, loop.is_closed())
    return "main went on"


print(asyncio.run(amain()))
print(asyncio.run(amain()))
