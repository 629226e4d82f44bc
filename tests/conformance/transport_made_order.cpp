// Pins CON-08, SRV-07, G-02: on the accepting side connection_made runs before anything is read,
// even if the data is already in the kernel; several clients are made in the order they connected.
#include "py.hpp"

#include <algorithm>

std::vector<std::string> log_;

int count(std::string_view prefix) {
    return static_cast<int>(std::count_if(
        log_.begin(), log_.end(), [&](const auto& entry) { return entry.starts_with(prefix); }));
}

struct Session : asyncio::Protocol {
    explicit Session(asyncio::Event e) : everybody(e) {}

    void connection_made(std::shared_ptr<asyncio::Transport>) override {
        number = std::to_string(count("made"));
        log_.push_back("made " + number);
    }

    void data_received(std::string_view data) override {
        log_.push_back("data " + number + " " + std::string(data));
    }

    bool eof_received() override {
        log_.push_back("eof " + number);
        return false;
    }

    void connection_lost(std::exception_ptr) override {
        log_.push_back("lost " + number);
        if (count("lost") == 3) everybody.set();
    }

    asyncio::Event everybody;
    std::string number;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    asyncio::Event everybody;
    auto server = co_await loop.create_server([&] { return std::make_shared<Session>(everybody); },
                                              "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    for (int i = 0; i < 3; ++i) {
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        writer.write("from " + std::to_string(i));
        writer.close();
    }
    co_await everybody.wait();
    for (char number : {'0', '1', '2'}) {
        std::vector<std::string> entries;
        for (const auto& entry : log_)
            if (entry[entry.find(' ') + 1] == number) entries.push_back(entry);
        print(entries);
    }
    std::vector<std::string> made;
    for (const auto& entry : log_)
        if (entry.starts_with("made")) made.push_back(entry);
    print(made);
    server.close();
}

int main() { asyncio::run(amain()); }
