# CTX-02, TMO-04: the body of async with and of timeout() runs in the task's own context, changes
# made inside stay after the block, also when it expired.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def expires():
    async with asyncio.timeout(0):
        var.set("set in the body")
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            print("in the handler", var.get())
            var.set("set in the handler")
            raise


async def amain():
    var.set("main")
    async with asyncio.timeout(1000):
        print(var.get())
        var.set("changed in time")
        await asyncio.sleep(0)
    print(var.get())
    try:
        await expires()
    except TimeoutError:
        print("after the timeout", var.get())
    lock = asyncio.Lock()
    async with lock:
        var.set("under the lock")
    print(var.get())
    task = asyncio.create_task(expires())
    await asyncio.wait([task])
    print(type(task.exception()).__name__, var.get())


asyncio.run(amain())
