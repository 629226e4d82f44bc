# G-04, FUT-03: a chain of futures completed by each other's callbacks takes one iteration per
# link: completion is never propagated synchronously, however long the chain.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    links = [loop.create_future() for _ in range(5)]
    ticks = []

    def tick():
        ticks.append(len(ticks))
        if not links[-1].done():
            loop.call_soon(tick)

    def forward(source, target):
        target.set_result(source.result() + 1)
        print("forwarded", source.result(), "tick", len(ticks), target.done())

    for source, target in zip(links, links[1:]):
        source.add_done_callback(lambda s, t=target: forward(s, t))
    loop.call_soon(tick)
    links[0].set_result(0)
    print("nothing forwarded yet", links[1].done())
    print(await links[-1], len(ticks))
    failing = [loop.create_future() for _ in range(2)]
    failing[0].add_done_callback(lambda f: failing[1].set_exception(f.exception()))
    failing[0].set_exception(ValueError("relayed"))
    try:
        await failing[1]
    except ValueError as e:
        print(repr(e), e is failing[0].exception())


asyncio.run(amain())
