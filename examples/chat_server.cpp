// A chat server: every line a client sends goes to everybody in the room.
//
//     chat_server [PORT]        port 0, the default, picks a free one
//
// The first line a client sends is its name. Each client has an outbox and a task that empties it,
// so a slow client delays nobody; one that falls 100 messages behind is dropped. Ctrl-C says
// goodbye to everybody and ends the program with status 0.
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>

using asyncio::Coroutine;
using Outbox = asyncio::Queue<std::string>;

class Room {
public:
    bool has(const std::string& name) const { return members_.contains(name); }
    void join(const std::string& name, Outbox outbox) {
        members_.emplace(name, std::move(outbox));
        tell("* " + name + " joined");
    }
    void leave(const std::string& name) {
        if (members_.erase(name)) tell("* " + name + " left");
    }
    void tell(const std::string& text) {
        std::cout << text << std::endl;
        for (const auto& [name, outbox] : members_) {
            if (outbox.full())
                outbox.shutdown(true);
            else
                outbox.put_nowait(text);
        }
    }
    void close() {
        tell("* the server is going down");
        for (const auto& [name, outbox] : members_) outbox.shutdown();
        members_.clear();
    }

private:
    std::map<std::string, Outbox> members_;
};
using RoomPtr = std::shared_ptr<Room>;

// Sends what the outbox holds until it is shut down, then closes the connection.
Coroutine<> deliver(Outbox outbox, asyncio::StreamWriter writer) {
    try {
        for (;;) {
            const std::string text = co_await outbox.get();
            writer.write(text + "\n");
            co_await writer.drain();
        }
    } catch (const asyncio::QueueShutDown&) {
    } catch (const asyncio::ConnectionError&) {
    }
    writer.close();
}

Coroutine<std::string> read_line(asyncio::StreamReader reader) {
    std::string line = co_await reader.readline();
    if (!line.empty() && line.back() == '\n') line.pop_back();
    co_return line;
}

Coroutine<> talk(RoomPtr room, std::string name, asyncio::StreamReader reader) {
    try {
        while (!reader.at_eof()) {
            const std::string line = co_await read_line(reader);
            if (!line.empty()) room->tell(name + ": " + line);
        }
    } catch (const asyncio::ConnectionError&) {
        // The client went away without a goodbye.
    }
}

Coroutine<> on_client(RoomPtr room, asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    const std::string name = co_await read_line(reader);
    if (name.empty() || room->has(name)) {
        writer.write("* this name is taken\n");
        writer.close();
        co_return;
    }
    const Outbox outbox(100);
    const auto delivery = asyncio::create_task(deliver(outbox, writer));
    room->join(name, outbox);
    co_await talk(room, name, reader);
    room->leave(name);
    outbox.shutdown();
    co_await delivery;
}

Coroutine<> serve(int port) {
    const auto room = std::make_shared<Room>();
    const auto handler = [room](asyncio::StreamReader reader, asyncio::StreamWriter writer) {
        return on_client(room, reader, writer);
    };
    const auto server = co_await asyncio::start_server(handler, "127.0.0.1", port);
    std::cout << "listening on port " << server.sockets().at(0).getsockname().port() << std::endl;
    const asyncio::Event never;
    co_await asyncio::try_finally([&]() -> Coroutine<> { co_await never.wait(); },
                                  [&]() -> Coroutine<> {
                                      server.close();
                                      room->close();
                                      co_await server.wait_closed();
                                  });
}

int main(int argc, char** argv) {
    try {
        asyncio::run(serve(argc > 1 ? std::atoi(argv[1]) : 0));
    } catch (const asyncio::KeyboardInterrupt&) {
        std::cout << "bye" << std::endl;
    }
}
