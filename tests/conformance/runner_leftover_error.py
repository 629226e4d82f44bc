# RUN-04: a leftover that fails while it is being cancelled is reported ("unhandled exception
# during asyncio.run() shutdown", keys exception and task); cancelled and returning ones are
# silent.
import asyncio


def handler(loop, context):
    print("handler:", context["message"])
    print(repr(context["exception"]), context["task"].get_name())


async def stuck():
    await asyncio.sleep(1000)


async def returns():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        return "refused"


async def fails():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        raise ValueError("while being cancelled")


async def amain(tasks):
    asyncio.get_running_loop().set_exception_handler(handler)
    tasks.append(asyncio.create_task(stuck(), name="stuck"))
    tasks.append(asyncio.create_task(returns(), name="returns"))
    tasks.append(asyncio.create_task(fails(), name="fails"))
    await asyncio.sleep(0)
    print("main returns")


tasks = []
asyncio.run(amain(tasks))
print([t.done() for t in tasks], [t.cancelled() for t in tasks], [t.cancelling() for t in tasks])
