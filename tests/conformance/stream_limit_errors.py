# Pins STR-01, STR-12: a limit below one is refused; feeding and reading keep working at the
# smallest limit.
import asyncio


async def amain():
    for limit in (0, -1):
        try:
            asyncio.StreamReader(limit=limit)
        except ValueError as e:
            print(repr(e))
    reader = asyncio.StreamReader(limit=1)
    reader.feed_data(b"a\nbc\nd")
    print(await reader.readline())
    try:
        await reader.readuntil()
    except asyncio.LimitOverrunError as e:
        print(str(e), e.consumed)
    try:
        await reader.readline()
    except ValueError as e:
        print(str(e))
    print(await reader.read(5))
    reader.feed_eof()
    print(await reader.read(5), reader.at_eof())


asyncio.run(amain())
