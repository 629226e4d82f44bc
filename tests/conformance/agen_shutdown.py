# Pins LIF-11, RUN-03: generators still alive when run() ends are closed before the loop is, awaits
# included; an error in one goes to the exception handler, the others are closed all the same.
import asyncio

alive = []


async def numbers(name, fail):
    try:
        yield 1
        yield 2
    finally:
        await asyncio.sleep(0)
        log.append(name + " cleaned up")
        if fail:
            raise ValueError(name)


log = []


def report(loop, context):
    if context["message"].startswith("an error occurred during closing of asynchronous generator"):
        log.append("reported " + repr(context["exception"]))


async def amain():
    asyncio.get_running_loop().set_exception_handler(report)
    for name, fail in (("a", False), ("b", True), ("c", False)):
        g = numbers(name, fail)
        alive.append(g)
        print(name, await anext(g))
    exhausted = numbers("d", False)
    async for _ in exhausted:
        pass
    alive.append(numbers("unstarted", False))
    print("main ends", log)


asyncio.run(amain())
for name in ("a cleaned up", "b cleaned up", "c cleaned up", "reported ValueError('b')"):
    print(name in log)
print(len(log))
