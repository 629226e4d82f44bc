// Layer 4. Name lookups on threads of their own.
//
// getaddrinfo() of the system blocks, cannot be cancelled and must not occupy the pool that users
// submit to. Its threads are detached: nothing ever joins them, a loop closes while they look up.
#pragma once
#include <asyncio/address_info.hpp>

#include <exception>
#include <functional>
#include <vector>

namespace asyncio::detail {

/// Runs work on a resolver thread, of which there are at most 16 in the process.
void run_on_resolver_thread(std::function<void()> work);

/// The system's answer; blocks. Throws gaierror or OSError.
std::vector<AddressInfo> look_up(const AddressQuery& query);

/// The address when the query's host is a literal one and its service a number, else nothing.
/// Throws OverflowError "CALL(): port must be 0-65535.".
std::vector<AddressInfo> literal_address(const AddressQuery& query, const char* call);

} // namespace asyncio::detail
