// The generic cancellation test (support/cancelling.hpp) over the loop's sock_* methods.
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <utility>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;

namespace {

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }

Socket non_blocking(Socket sock) {
    sock.setblocking(false);
    return sock;
}

Socket listening() {
    const Socket sock = non_blocking(Socket(AF_INET, SOCK_STREAM));
    sock.bind(SocketAddress("127.0.0.1", 0));
    sock.listen();
    return sock;
}

// What a non-blocking connect() says.
void begin_connect(const Socket& sock, const SocketAddress& address) {
    try {
        sock.connect(address);
    } catch (const asyncio::BlockingIOError&) {
    }
}

// Two connected sockets, mine and the peer's.
template <int type>
struct Connected : Scene {
    Connected() {
        auto pair = asyncio::socketpair(type);
        mine = non_blocking(pair.first);
        peer = non_blocking(pair.second);
    }
    Coroutine<> tear_down() override {
        mine.close();
        peer.close();
        co_return;
    }
    Socket mine;
    Socket peer;
};

// What arrives is received by the wait or by the next one; the wait's memory is its own.
template <int type>
struct Receiving : Connected<type> {
    Coroutine<> complete() override {
        this->peer.send("data");
        co_return;
    }
    Coroutine<> check(bool ended) override {
        if (!ended) data = co_await loop().sock_recv(this->mine, 100);
        BOOST_TEST(data == "data");
    }
    std::string data;
};

struct Recv : Receiving<SOCK_STREAM> {
    Coroutine<> wait() override { data = co_await loop().sock_recv(mine, 100); }
};

struct RecvInto : Receiving<SOCK_STREAM> {
    Coroutine<> wait() override {
        std::array<std::byte, 100> memory{};
        const std::size_t count = co_await loop().sock_recv_into(mine, memory);
        data.assign(reinterpret_cast<const char*>(memory.data()), count);
    }
};

struct RecvFrom : Receiving<SOCK_DGRAM> {
    Coroutine<> wait() override {
        auto received = co_await loop().sock_recvfrom(mine, 100);
        data = std::move(received.first);
    }
};

struct RecvFromInto : Receiving<SOCK_DGRAM> {
    Coroutine<> wait() override {
        std::array<std::byte, 100> memory{};
        const auto received = co_await loop().sock_recvfrom_into(mine, memory);
        data.assign(reinterpret_cast<const char*>(memory.data()), received.first);
    }
};

// The peer reads once the wait may end, until all is there or the sender is given up.
struct Sending : Connected<SOCK_STREAM> {
    static constexpr std::size_t size = 1 << 20;
    static constexpr int small = 1 << 14;
    Sending() { mine.setsockopt(SOL_SOCKET, SO_SNDBUF, small); }
    Coroutine<> complete() override {
        if (!reader) reader = asyncio::create_task(read_all());
        co_return;
    }
    Coroutine<> read_all() {
        std::string data = "more";
        while (!data.empty()) {
            data = co_await loop().sock_recv(peer, size);
            received += data;
        }
    }
    // After a cancel nobody knows how much was sent, but it is a part of it, in order.
    Coroutine<> check(bool ended) override {
        mine.shutdown(SHUT_WR);
        if (reader) co_await reader;
        BOOST_TEST(received.size() <= size);
        if (ended) BOOST_TEST(received.size() == size);
        BOOST_TEST((received == content().substr(0, received.size())));
    }
    static std::string content() {
        std::string text(size, '\0');
        for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 % 251);
        return text;
    }
    asyncio::Task<> reader;
    std::string received;
};

struct SendAll : Sending {
    Coroutine<> wait() override {
        const std::string data = content();
        co_await loop().sock_sendall(mine, data);
    }
};

struct Sendfile : Sending {
    Sendfile() : file(::memfd_create("file", MFD_CLOEXEC)) {
        const std::string text = content();
        BOOST_REQUIRE(::write(file, text.data(), text.size()) == ssize_t(text.size()));
        ::lseek(file, 0, SEEK_SET);
    }
    ~Sendfile() override { ::close(file); }
    Coroutine<> wait() override { co_await loop().sock_sendfile(mine, asyncio::FileArg(file)); }
    Coroutine<> check(bool ended) override {
        co_await Sending::check(ended);
        BOOST_TEST(std::size_t(::lseek(file, 0, SEEK_CUR)) == received.size());
    }
    const int file;
};

// The receiver's queue is full.
struct SendTo : Scene {
    SendTo() {
        receiver.bind(SocketAddress::unix_path(std::string("\0asyncio-sendto", 15) +
                                               std::to_string(::getpid())));
        try {
            for (;;) mine.sendto("filling", receiver.getsockname());
        } catch (const asyncio::BlockingIOError&) {
        }
    }
    Coroutine<> wait() override {
        co_await loop().sock_sendto(mine, "data", receiver.getsockname());
    }
    Coroutine<> complete() override {
        read();
        co_return;
    }
    Coroutine<> check(bool ended) override {
        for (int i = 0; i < 100 && last != "data" && ended; ++i) read();
        read();
        BOOST_TEST((last == "data") == ended);
        co_return;
    }
    void read() {
        try {
            for (;;) last = receiver.recv(100);
        } catch (const asyncio::BlockingIOError&) {
        }
    }
    Coroutine<> tear_down() override {
        mine.close();
        receiver.close();
        co_return;
    }
    Socket mine = non_blocking(Socket(AF_UNIX, SOCK_DGRAM));
    Socket receiver = non_blocking(Socket(AF_UNIX, SOCK_DGRAM));
    std::string last;
};

// A connection that the wait has not got is there for the next one.
struct Accept : Scene {
    Coroutine<> wait() override {
        auto accepted = co_await loop().sock_accept(listener);
        got = accepted.first;
    }
    Coroutine<> complete() override {
        begin_connect(client, listener.getsockname());
        co_return;
    }
    Coroutine<> check(bool ended) override {
        BOOST_TEST(static_cast<bool>(got) == ended);
        if (!ended) {
            auto accepted = co_await loop().sock_accept(listener);
            got = accepted.first;
        }
        BOOST_TEST((got.getpeername() == client.getsockname()));
    }
    Coroutine<> tear_down() override {
        for (const Socket& sock : {listener, client, got})
            if (sock) sock.close();
        co_return;
    }
    Socket listener = listening();
    Socket client = non_blocking(Socket(AF_INET, SOCK_STREAM));
    Socket got;
};

// The system connects at once; the socket stays the caller's.
struct Connect : Scene {
    Coroutine<> wait() override { co_await loop().sock_connect(client, listener.getsockname()); }
    Coroutine<> check(bool) override {
        BOOST_TEST(client.fileno() >= 0);
        co_return;
    }
    Coroutine<> tear_down() override {
        client.close();
        listener.close();
        co_return;
    }
    Socket listener = listening();
    Socket client = non_blocking(Socket(AF_INET, SOCK_STREAM));
};

// The listener's queue is full: the system does not answer.
struct ConnectToABusyOne : Connect {
    ConnectToABusyOne() {
        listener.listen(0);
        for (const Socket& sock : {first, second}) begin_connect(sock, listener.getsockname());
    }
    bool completes() const override { return false; }
    Coroutine<> tear_down() override {
        first.close();
        second.close();
        co_await Connect::tear_down();
    }
    Socket first = non_blocking(Socket(AF_INET, SOCK_STREAM));
    Socket second = non_blocking(Socket(AF_INET, SOCK_STREAM));
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_sockets)

BOOST_AUTO_TEST_CASE(sock_recv) { cancel_in_every_way<Recv>(); }
BOOST_AUTO_TEST_CASE(sock_recv_into) { cancel_in_every_way<RecvInto>(); }
BOOST_AUTO_TEST_CASE(sock_recvfrom) { cancel_in_every_way<RecvFrom>(); }
BOOST_AUTO_TEST_CASE(sock_recvfrom_into) { cancel_in_every_way<RecvFromInto>(); }
BOOST_AUTO_TEST_CASE(sock_sendall) { cancel_in_every_way<SendAll>(); }
BOOST_AUTO_TEST_CASE(sock_sendfile) { cancel_in_every_way<Sendfile>(); }
BOOST_AUTO_TEST_CASE(sock_sendto) { cancel_in_every_way<SendTo>(); }
BOOST_AUTO_TEST_CASE(sock_accept) { cancel_in_every_way<Accept>(); }
BOOST_AUTO_TEST_CASE(sock_connect) { cancel_in_every_way<Connect>(); }
BOOST_AUTO_TEST_CASE(sock_connect_busy) { cancel_in_every_way<ConnectToABusyOne>(); }

BOOST_AUTO_TEST_SUITE_END()
