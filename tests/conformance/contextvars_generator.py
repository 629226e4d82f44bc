# CTX-01, CTX-02: an asynchronous generator runs in the context of whoever iterates it: a change
# made between two yields is seen by the consumer, and each consumer task has its own.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def numbers():
    for n in range(3):
        print("generator sees", var.get())
        var.set("set by the generator " + str(n))
        await asyncio.sleep(0)
        yield n


async def take(generator, name):
    print(name, "starts with", var.get())
    n = await generator.__anext__()
    print(name, "got", n, "in", var.get())


async def amain():
    generator = numbers()
    var.set("main")
    n = await generator.__anext__()
    print("main got", n, "in", var.get())
    await asyncio.create_task(take(generator, "task"))
    print("main still in", var.get())
    var.set("main again")
    await take(generator, "inline")
    print("main in", var.get())
    await generator.aclose()


asyncio.run(amain())
