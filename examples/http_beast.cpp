// An HTTP/1.1 server whose parser, serializer and sockets are Beast's and Asio's, and whose control
// flow is asyncio's: tasks, time-outs, cancelling.
//
//   http_beast [PORT]      prints its port, serves until SIGINT or SIGTERM
//
//   GET /                  a greeting; HEAD works, too
//   GET /stream            the same in chunks
//   POST /echo             the body, up to a mebibyte
//
// The parsers of Beast are templates: this file takes some seconds to compile.
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <list>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace net = boost::asio;
namespace http = boost::beast::http;
using asyncio::Coroutine;
using asyncio::use_awaitable;
using net::ip::tcp;
using Buffer = boost::beast::flat_buffer;
using Parser = http::request_parser<http::string_body>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;
using error_code = boost::system::error_code;

constexpr std::uint64_t body_limit = 1 << 20;
constexpr std::uint32_t header_limit = 16 << 10;
constexpr asyncio::Seconds request_time = 30.0; // to send one, including the wait for it
constexpr asyncio::Seconds response_time = 30.0;
constexpr asyncio::Seconds grace = 5.0; // for requests that are under way when the server ends

// ---- what is answered
// ----------------------------------------------------------------------------

Response text(http::status status, std::string body, unsigned version = 11) {
    Response response(status, version);
    response.set(http::field::content_type, "text/plain");
    response.body() = std::move(body);
    return response;
}

Response route(const Request& request) {
    const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
    if (request.target() == "/" && reads) return text(http::status::ok, "hello\n");
    if (request.target() == "/stream" && reads) {
        Response response = text(http::status::ok, "hello in chunks\n");
        response.chunked(request.version() == 11);
        return response;
    }
    if (request.target() == "/echo" && request.method() == http::verb::post)
        return text(http::status::ok, request.body());
    if (request.target() == "/" || request.target() == "/stream" || request.target() == "/echo")
        return text(http::status::method_not_allowed, "method not allowed\n");
    return text(http::status::not_found, "not found\n");
}

Response answer(const Request& request) {
    Response response = route(request);
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    if (!response.chunked()) response.content_length(response.body().size());
    return response;
}

// To what cannot be parsed: the connection ends with it.
Response refuse(const error_code& error) {
    http::status status = http::status::bad_request;
    if (error == http::error::body_limit) status = http::status::payload_too_large;
    if (error == http::error::header_limit) status = http::status::request_header_fields_too_large;
    Response response = text(status, error.message() + "\n");
    response.keep_alive(false);
    response.prepare_payload();
    return response;
}

// Whether somebody may be there to read a refusal.
bool is_bad_request(const error_code& error) {
    return error.category() == error_code(http::error::bad_version).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
}

// ---- one connection
// ------------------------------------------------------------------------------

struct Connection {
    explicit Connection(tcp::socket accepted) : socket(std::move(accepted)) {}
    tcp::socket socket;
    asyncio::Task<> task;
    Buffer buffer;
    bool idle = true;  // between two requests
    bool last = false; // no more requests
};

// The objects that are passed by pointer belong to the task that awaits these.

Coroutine<error_code> read_request(Connection* at, Parser* parser) {
    const auto head = co_await http::async_read_header(at->socket, at->buffer, *parser,
                                                       net::as_tuple(use_awaitable));
    if (std::get<0>(head)) co_return std::get<0>(head);
    at->idle = false;
    if (boost::beast::iequals(parser->get()[http::field::expect], "100-continue"))
        co_await net::async_write(at->socket, net::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25),
                                  use_awaitable);
    const auto body =
        co_await http::async_read(at->socket, at->buffer, *parser, net::as_tuple(use_awaitable));
    co_return std::get<0>(body);
}

Coroutine<> write_response(Connection* at, Response response, bool without_body) {
    http::response_serializer<http::string_body> serializer(response);
    if (without_body)
        co_await http::async_write_header(at->socket, serializer, use_awaitable);
    else
        co_await http::async_write(at->socket, serializer, use_awaitable);
}

// The client gets to read the refusal: closing a socket with unread data would reset it.
Coroutine<> drain(Connection* at) {
    at->socket.shutdown(tcp::socket::shutdown_send);
    std::vector<char> rest(1 << 16);
    bool more = true;
    while (more) {
        const auto read =
            co_await at->socket.async_read_some(net::buffer(rest), net::as_tuple(use_awaitable));
        more = !std::get<0>(read);
    }
}

Coroutine<> converse(Connection* at) {
    bool open = true;
    while (open) {
        Parser parser;
        parser.body_limit(body_limit);
        parser.header_limit(header_limit);
        at->idle = at->buffer.size() == 0;
        const error_code error =
            co_await asyncio::wait_for(read_request(at, &parser), request_time);
        if (error && !is_bad_request(error)) break;
        at->idle = false;
        Response response = error ? refuse(error) : answer(parser.get());
        if (at->last) response.keep_alive(false);
        open = response.keep_alive();
        const bool head = !error && parser.get().method() == http::verb::head;
        co_await asyncio::wait_for(write_response(at, std::move(response), head), response_time);
        if (error) co_await asyncio::wait_for(drain(at), 1.0);
    }
}

// A client that goes away, or is too slow, is no error.
Coroutine<> serve_client(Connection* at) {
    const auto outcome = co_await asyncio::catching<asyncio::OSError>(converse(at));
    boost::system::error_code ignored;
    at->socket.shutdown(tcp::socket::shutdown_both, ignored);
    at->socket.close(ignored);
}

// ---- the server
// ----------------------------------------------------------------------------------

using Connections = std::list<Connection>;

Coroutine<> accept_clients(tcp::acceptor* acceptor, Connections* connections) {
    [[maybe_unused]] int guard = 0; // GCC 12: see docs/porting.md
    while (true) {
        auto accepted = co_await acceptor->async_accept(net::as_tuple(use_awaitable));
        auto& [error, socket] = accepted;
        if (error) {
            co_await asyncio::sleep(0.1); // out of descriptors, perhaps
            continue;
        }
        const auto at = connections->emplace(connections->end(), std::move(socket));
        at->task = asyncio::create_task(serve_client(&*at), {.name = "client"});
        at->task.add_done_callback([=] { connections->erase(at); });
    }
}

// Idle connections end at once, the others when they have their answer.
Coroutine<> end_connections(Connections* connections) {
    std::vector<asyncio::Task<>> tasks;
    for (Connection& connection : *connections) {
        connection.last = true;
        if (connection.idle) connection.task.cancel();
        tasks.push_back(connection.task);
    }
    if (tasks.empty()) co_return;
    const auto ended = co_await asyncio::wait(tasks, {.timeout = grace});
    for (const auto& task : ended.pending) task.cancel();
    co_await asyncio::gather(asyncio::return_exceptions, tasks);
}

Coroutine<> serve(unsigned short port) {
    const auto executor = asyncio::get_executor(asyncio::get_running_loop());
    net::signal_set signals(executor, SIGINT, SIGTERM);
    tcp::acceptor acceptor(executor, tcp::endpoint(net::ip::address_v4::loopback(), port));
    std::cout << "port " << acceptor.local_endpoint().port() << std::endl;
    Connections connections;
    const auto accepting = asyncio::create_task(accept_clients(&acceptor, &connections));
    co_await signals.async_wait(use_awaitable);
    accepting.cancel();
    const std::vector ending{accepting};
    co_await asyncio::wait(ending);
    acceptor.close();
    co_await end_connections(&connections);
    std::cout << "served" << std::endl;
}

int main(int argc, char** argv) {
    asyncio::run(serve(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 0));
}
