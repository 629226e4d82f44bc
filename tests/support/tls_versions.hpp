// The versions of TLS, for BOOST_DATA_TEST_CASE.
#pragma once
#include <asyncio/ssl.hpp>

#include "tls_pair.hpp"

#include <boost/test/data/test_case.hpp>

#include <vector>

namespace asyncio_test {

inline const auto versions = boost::unit_test::data::make(std::vector{
    asyncio::ssl::TLSVersion::TLSv1_2,
    asyncio::ssl::TLSVersion::TLSv1_3,
});

} // namespace asyncio_test
