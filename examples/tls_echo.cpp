// Echo over TLS, both sides.
//
//   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30
//       -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem
//   tls_echo serve 8443 cert.pem key.pem
//   tls_echo ask localhost 8443 cert.pem "is anybody there?"
//
// The client verifies the server: its certificate must be issued by one of those in cert.pem (a
// self-signed one by itself) for the host that was asked for. With `{.ssl = true}` instead of a
// context the system's authorities are trusted, as a program on the Internet wants it.
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace ssl = asyncio::ssl;

asyncio::Coroutine<> on_client(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    while (true) {
        std::string line = co_await reader.readline();
        if (line.empty()) break;
        writer.write(line);
        co_await writer.drain();
    }
    writer.close(); // says goodbye, so the client knows that nothing was cut off
    co_await writer.wait_closed();
}

asyncio::Coroutine<> serve(int port, ssl::SSLContext context) {
    auto server = co_await asyncio::start_server(on_client, "localhost", port, {.ssl = context});
    for (const auto& socket : server.sockets())
        std::cout << "serving on " << socket.getsockname().str() << std::endl;
    co_await server.serve_forever();
}

asyncio::Coroutine<> ask(std::string host, int port, ssl::SSLContext context, std::string text) {
    auto connection = co_await asyncio::open_connection(host, port, {.ssl = context});
    auto& [reader, writer] = connection;
    const auto tls = writer.get_extra_info<ssl::SSLObject>("ssl_object");
    std::cout << *tls.version() << ", " << std::get<0>(*tls.cipher()) << '\n';
    writer.write(text + '\n');
    const std::string answer = co_await reader.readline();
    std::cout << answer;
    writer.close();
    co_await writer.wait_closed();
}

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    try {
        if (mode == "serve" && argc == 5) {
            const auto context = ssl::create_default_context(ssl::Purpose::CLIENT_AUTH);
            context.load_cert_chain(argv[3], argv[4]);
            asyncio::run(serve(std::atoi(argv[2]), context));
        } else if (mode == "ask" && argc == 6) {
            const auto context = ssl::create_default_context({.cafile = argv[4]});
            asyncio::run(ask(argv[2], std::atoi(argv[3]), context, argv[5]));
        } else {
            std::cerr << "tls_echo serve PORT CERT KEY | tls_echo ask HOST PORT CA TEXT\n";
            return 2;
        }
    } catch (const asyncio::KeyboardInterrupt&) {
        std::cout << "stopped\n";
    } catch (const asyncio::OSError& error) { // a certificate that is refused, too
        std::cerr << asyncio::repr(error) << '\n';
        return 1;
    }
}
