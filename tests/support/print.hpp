// How Boost.Test prints what has no operator<<, so that failed checks show both sides.
#pragma once
#include <asyncio/socket_address.hpp>

#include "tools.hpp"

#include <boost/test/tools/detail/print_helper.hpp>

#include <ostream>

namespace boost::test_tools::tt_detail {

template <>
struct print_log_value<asyncio_test::Trace> {
    void operator()(std::ostream& out, const asyncio_test::Trace& trace) {
        out << '{' << asyncio_test::join(trace) << '}';
    }
};

template <>
struct print_log_value<asyncio::SocketAddress> {
    void operator()(std::ostream& out, const asyncio::SocketAddress& address) {
        out << address.str();
    }
};

} // namespace boost::test_tools::tt_detail
