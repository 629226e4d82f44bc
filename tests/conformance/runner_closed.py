# RUN-05, RUN-03: use after close raises "Runner is closed"; close() twice, or on a runner that
# never ran, is a no-op; the leftovers are cancelled at close, not between runs.
import asyncio


async def leftover():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("leftover cancelled")
        raise


async def amain(box):
    box.append(asyncio.create_task(leftover()))
    await asyncio.sleep(0)
    return "main"


def attempt(name, call):
    try:
        call()
        print(name, "ok")
    except RuntimeError as e:
        print(name, "RuntimeError", e)


unused = asyncio.Runner()
attempt("close unused", unused.close)
attempt("get_loop", unused.get_loop)
runner = asyncio.Runner()
box = []
print(runner.run(amain(box)))
print("between", box[0].done())
attempt("close", runner.close)
print("closed", box[0].cancelled())
attempt("close again", runner.close)
attempt("get_loop", runner.get_loop)
