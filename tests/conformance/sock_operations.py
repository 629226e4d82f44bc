# Pins SCK-01 to SCK-06: the order of a wait, cancelling, errors.
import asyncio
import socket


async def failing(name, awaitable):
    try:
        await awaitable
    except Exception as e:
        print(name, type(e).__name__, e)


async def amain():
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    await_debug = loop.get_debug()
    loop.set_debug(True)
    await failing("blocking", loop.sock_recv(a, 1))
    loop.set_debug(await_debug)
    a.setblocking(False)
    b.setblocking(False)

    task = loop.create_task(loop.sock_recv(a, 10))
    await asyncio.sleep(0)
    task.cancel()
    second = loop.create_task(loop.sock_recv(a, 10))
    await asyncio.wait([task])
    print("cancelled", task.cancelled(), second.done())
    await loop.sock_sendall(b, b"hello")
    print(await second)
    print("removed", loop.remove_reader(a))

    server = socket.socket()
    server.setblocking(False)
    server.bind(("127.0.0.1", 0))
    server.listen()
    address = server.getsockname()
    accepting = loop.create_task(loop.sock_accept(server))
    client = socket.socket()
    client.setblocking(False)
    await loop.sock_connect(client, address)
    connection, peer = await accepting
    print("accepted", peer == client.getsockname(), connection.getblocking())
    await loop.sock_sendall(connection, b"x" * 5)
    buffer = bytearray(3)
    print(await loop.sock_recv_into(client, buffer), bytes(buffer))
    print(await loop.sock_recv(client, 10))
    connection.close()
    print(await loop.sock_recv(client, 10))
    client.close()
    server.close()
    client = socket.socket()
    client.setblocking(False)
    try:
        await loop.sock_connect(client, address)
    except OSError as e:
        print(type(e).__name__, e.errno, e.strerror == f"Connect call failed {address}")
    await failing("closed", closed(loop, client))

    one = socket.socket(type=socket.SOCK_DGRAM)
    two = socket.socket(type=socket.SOCK_DGRAM)
    for sock in (one, two):
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))
    print("sent", await loop.sock_sendto(one, b"datagram", two.getsockname()))
    data, addr = await loop.sock_recvfrom(two, 4)
    print(data, addr == one.getsockname())
    await failing("nbytes", loop.sock_recvfrom_into(two, buffer, 4))


def closed(loop, sock):
    sock.close()
    return loop.sock_recv(sock, 1)


asyncio.run(amain())
