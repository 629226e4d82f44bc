# [hello]
import asyncio


async def greet(name, delay):
    await asyncio.sleep(delay)
    print("hello,", name)
    return len(name)


async def main():
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(greet("world", 0.02))
        b = tg.create_task(greet("asyncio", 0.01))
    print(a.result() + b.result(), "letters")


asyncio.run(main())
# [/hello]
