# LIF-03, LIF-07: run_until_complete on a running loop or on another loop inside it, and close(),
# are RuntimeErrors with the documented texts; nothing is disturbed by the attempts.
import asyncio


def attempt(name, call):
    try:
        call()
    except RuntimeError as e:
        print(name, "RuntimeError", e)


async def amain():
    loop = asyncio.get_running_loop()
    other = asyncio.new_event_loop()
    fut = loop.create_future()
    foreign = other.create_future()
    attempt("run_until_complete", lambda: loop.run_until_complete(fut))
    attempt("other run_until_complete", lambda: other.run_until_complete(foreign))
    attempt("close", loop.close)
    print(asyncio.get_running_loop() is loop, other.is_running(), loop.is_running())
    other.close()
    print(other.is_closed(), loop.is_closed())
    loop.call_soon(fut.set_result, 7)
    print(await fut)


attempt("get_running_loop", asyncio.get_running_loop)
asyncio.run(amain())
attempt("get_running_loop", asyncio.get_running_loop)
