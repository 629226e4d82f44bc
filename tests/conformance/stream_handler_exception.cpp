// Pins STR-20: an exception of the client handler goes to the loop's exception handler, with its
// message and transport, and closes that connection; a cancelled handler closes it silently; the
// server goes on.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<asyncio::TaskRef> handlers;

    auto report = [](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
        print(context.message, asyncio::repr(context.exception), context.transport != nullptr);
    };

    auto serve = [&](asyncio::StreamReader reader,
                     asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        handlers.push_back(asyncio::current_task());
        const auto command = co_await reader.readline();
        if (command == "fail\n") throw asyncio::ValueError("bad command");
        writer.write("ok\n");
        co_await reader.read();
    };

    loop.set_exception_handler(report);
    auto server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    for (std::string command : {"fail\n", "cancel\n", "work\n"}) {
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        writer.write(command);
        const auto answer = co_await reader.readline();
        print(py::bytes(command), py::bytes(answer));
        if (command == "cancel\n") {
            handlers.back().cancel();
            const auto rest = co_await reader.read();
            print("after cancel", py::bytes(rest));
        }
        writer.close();
        co_await writer.wait_closed();
    }
    server.close();
}

int main() { asyncio::run(amain()); }
