# Pins CON-01, CON-02, TLS-02, TLS-06: which arguments of TLS are refused, and how.
import asyncio
import ssl


async def attempt(name, awaitable):
    try:
        await awaitable
        print(name, "went through")
    except Exception as e:
        print(name, type(e).__name__, e)


async def amain():
    loop = asyncio.get_running_loop()
    factory = asyncio.Protocol
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    connect = loop.create_connection
    host = "127.0.0.1"
    await attempt("name", connect(factory, host, 1, server_hostname="a"))
    await attempt("empty name", connect(factory, host, 1, server_hostname=""))
    await attempt("false", connect(factory, host, 1, ssl=False, server_hostname="a"))
    await attempt("handshake", connect(factory, host, 1, ssl_handshake_timeout=1.0))
    await attempt("shutdown", connect(factory, host, 1, ssl_shutdown_timeout=1.0))
    await attempt("no host", connect(factory, None, 1, ssl=context))
    await attempt("nothing", connect(factory, ssl=True))
    await attempt("order", connect(factory, server_hostname="a", ssl_shutdown_timeout=1.0))
    serve = loop.create_server
    await attempt("server true", serve(factory, host, 0, ssl=True))
    await attempt("server handshake", serve(factory, host, 0, ssl_handshake_timeout=1.0))
    await attempt("server shutdown", serve(factory, host, 0, ssl_shutdown_timeout=1.0))

    server = await serve(factory, host, 0)
    port = server.sockets[0].getsockname()[1]
    await attempt("negative", connect(factory, host, port, ssl=context, ssl_handshake_timeout=-1.5))
    await attempt("zero", connect(factory, host, port, ssl=context, ssl_shutdown_timeout=0.0))
    transport, protocol = await connect(factory, host, port)
    await attempt("no context", loop.start_tls(transport, protocol, None))
    await attempt("upgrade zero", loop.start_tls(transport, protocol, context, server_hostname="a",
                                                 ssl_handshake_timeout=0.0))
    print(transport.is_closing())
    transport.close()
    server.close()


asyncio.run(amain())
