# Pins CON-04, CON-05: the order in which addresses are tried, with and without happy eyeballs. Port
# 1 refuses, so that the error tells the order; the resolver is a table.
import asyncio
import socket

TABLE = [(socket.AF_INET, ("127.0.0.1", 1)), (socket.AF_INET, ("127.0.0.2", 1)),
         (socket.AF_INET, ("127.0.0.3", 1)), (socket.AF_INET6, ("::1", 1, 0, 0))]


class Loop(asyncio.SelectorEventLoop):
    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        print("resolve", host, port)
        return [(family, type, 0, "", address) for family, address in TABLE]


async def attempt(**keywords):
    try:
        await asyncio.open_connection("somewhere", 7, **keywords)
    except OSError as e:
        print(str(e))


async def amain():
    await attempt()
    await attempt(interleave=1)
    await attempt(interleave=2)
    await attempt(interleave=9)
    await attempt(happy_eyeballs_delay=30)
    await attempt(happy_eyeballs_delay=30, interleave=0)
    del TABLE[1:]
    await attempt(happy_eyeballs_delay=30)


with asyncio.Runner(loop_factory=Loop) as runner:
    runner.run(amain())
