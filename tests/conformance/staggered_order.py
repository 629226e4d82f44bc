# Pins STG-01..STG-03: a failure starts the next attempt, the winner cancels the others, which end
# before the race returns; a cancelled race cancels its attempts.
import asyncio
from asyncio.staggered import staggered_race


def attempt(name, hangs=False, fails=False, cleans=True):
    async def run():
        print("start", name)
        try:
            if hangs:
                await asyncio.Event().wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            print("cancelled", name)
            if cleans:
                await asyncio.sleep(0)
                print("cleaned up", name)
            raise
        if fails:
            raise ValueError(name)
        print("success", name)
        return name
    return run


def show(result):
    winner, index, errors = result
    print(winner, index, [repr(e) for e in errors])


async def amain():
    show(await staggered_race([attempt("a", fails=True), attempt("b", fails=True), attempt("c"),
                               attempt("d")], 30))
    show(await staggered_race([attempt("a", fails=True), attempt("b", fails=True)], 30))
    show(await staggered_race([attempt("a", fails=True), attempt("b")], None))
    show(await staggered_race([], None))
    show(await staggered_race([attempt("a", hangs=True), attempt("b", hangs=True), attempt("c")],
                              0.01))
    hanging = attempt("a", hangs=True, cleans=False)
    task = asyncio.create_task(staggered_race([hanging, attempt("b")], 30))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("race cancelled")


asyncio.run(amain())
