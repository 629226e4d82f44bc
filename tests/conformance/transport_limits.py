# Pins TRN-06: default marks, low = high/4, high = 4*low, high 0 forces low 0, and the error text; a
# refused call changes nothing.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, protocol = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
    print("default", transport.get_write_buffer_limits())
    transport.set_write_buffer_limits(high=1000)
    print("high only", transport.get_write_buffer_limits())
    transport.set_write_buffer_limits(low=100)
    print("low only", transport.get_write_buffer_limits())
    transport.set_write_buffer_limits(high=7, low=7)
    print("equal", transport.get_write_buffer_limits())
    transport.set_write_buffer_limits(high=0)
    print("zero", transport.get_write_buffer_limits())
    try:
        transport.set_write_buffer_limits(high=10, low=11)
    except ValueError as e:
        print(str(e))
    try:
        transport.set_write_buffer_limits(low=-1)
    except ValueError as e:
        print(str(e))
    try:
        transport.set_write_buffer_limits(high=0, low=1)
    except ValueError as e:
        print(str(e))
    print("unchanged", transport.get_write_buffer_limits())
    transport.set_write_buffer_limits()
    print("default", transport.get_write_buffer_limits(), transport.get_write_buffer_size())
    transport.close()
    server.close()


asyncio.run(amain())
