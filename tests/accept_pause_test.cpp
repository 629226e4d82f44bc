// A server without descriptors: it tells so, pauses and goes on. The pause is virtual time.
// own loop only
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/print.hpp"
#include "support/quiet_clients.hpp"
#include "support/tools.hpp"
#include "support/virtual_io.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::client_of;
using asyncio_test::port_of;
using asyncio_test::Quiet;
using asyncio_test::quiet_server;
using asyncio_test::run_virtual_io;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

constexpr double delay = asyncio::constants::ACCEPT_RETRY_DELAY;

// UBSan looks at virtual calls through a pipe of its own, and takes it for an error that there is
// no descriptor for it: the cases that need one are not for its builds.
bool needs_descriptors() {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
    return true;
#endif
#endif
    return false;
}

boost::test_tools::assertion_result can_do_without(boost::unit_test::test_unit_id) {
    return !needs_descriptors();
}

// Leaves the process no descriptor.
class NoDescriptors {
public:
    NoDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::dup(0);
        ::close(next);
        rlimit none = before_;
        none.rlim_cur = static_cast<rlim_t>(next);
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    NoDescriptors(const NoDescriptors&) = delete;
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

// A client that needs no descriptor any more when it connects.
class Spare {
public:
    Spare() = default;
    Spare(const Spare&) = delete;
    ~Spare() { ::close(fd_); }
    void connect(const asyncio::SocketAddress& address) const {
        sockaddr_storage storage;
        const auto size = static_cast<socklen_t>(address.to(&storage));
        BOOST_REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&storage), size) == 0);
    }
    bool is_closed_by_the_peer() const {
        char byte;
        return ::recv(fd_, &byte, 1, MSG_DONTWAIT) == 0;
    }

private:
    const int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

} // namespace

BOOST_AUTO_TEST_SUITE(accept_pause, *boost::unit_test::precondition(can_do_without))

// SRV-06
BOOST_AUTO_TEST_CASE(without_descriptors_accepting_pauses_for_a_second) {
    run_virtual_io([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Trace messages;
        asyncio::Event reported;
        loop.set_exception_handler([&](auto&, const auto& context) {
            messages.push_back(context.message + ' ' + asyncio::type_name(context.exception) +
                               (context.socket.empty() ? "" : " socket"));
            reported.set();
        });
        int accepted = 0;
        auto factory = [&accepted] {
            ++accepted;
            return std::make_shared<Quiet>();
        };
        auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
        const auto address = server.sockets().at(0).getsockname();
        const Spare spare;
        {
            const NoDescriptors none;
            spare.connect(address);
            co_await reported.wait();
            co_await ticks(100);
        }
        BOOST_TEST(messages == Trace{"socket.accept() out of system resource OSError socket"});
        auto client = co_await client_of(port_of(server)); // in the system's queue
        co_await asyncio::sleep(delay - 0.01);
        BOOST_TEST(accepted == 0);
        BOOST_TEST(!spare.is_closed_by_the_peer());
        co_await asyncio::sleep(0.02);
        BOOST_TEST(accepted == 2);
        server.close_clients();
        co_await client->lost.wait();
        BOOST_TEST(spare.is_closed_by_the_peer());
        server.close();
        co_await server.wait_closed();
        BOOST_TEST(messages.size() == 1u);
        loop.set_exception_handler({});
    });
}

// SRV-06: the retry does not come back to life
BOOST_AUTO_TEST_CASE(a_server_that_is_closed_during_the_pause_stays_closed) {
    run_virtual_io([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await quiet_server();
        asyncio::Event reported;
        loop.set_exception_handler([&](auto&, const auto&) {
            reported.set();
            server.close();
        });
        const auto address = server.sockets().at(0).getsockname();
        const Spare spare;
        {
            const NoDescriptors none;
            spare.connect(address);
            co_await reported.wait();
        }
        co_await server.wait_closed();
        co_await asyncio::sleep(delay + 0.05);
        loop.set_exception_handler({});
    });
}

BOOST_AUTO_TEST_SUITE_END()
