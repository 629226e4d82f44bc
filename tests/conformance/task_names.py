# python >= 3.12
# TSK-03: default names are Task-<n> from one counter in creation order (the main task of run() is
# Task-1); a task created with an explicit name does not use up a number (3.12).
import asyncio


async def who():
    return asyncio.current_task().get_name()


async def amain():
    main = asyncio.current_task()
    print(main.get_name())
    a = asyncio.create_task(who())
    b = asyncio.create_task(who(), name="bee")
    c = asyncio.create_task(who())
    print(a.get_name(), b.get_name())
    first = int(a.get_name().removeprefix("Task-"))
    print(first, int(c.get_name().removeprefix("Task-")) - first)
    c.set_name("sea")
    print(await a, await b, await c)
    d = asyncio.create_task(who())
    d.set_name(str(15))
    print(await d)
    print(await who())
    main.set_name("renamed")
    print(await who(), asyncio.current_task().get_name())
    a.set_name("after the end")
    print(a.get_name())


asyncio.run(amain())
