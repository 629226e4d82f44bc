// Layer 4. Name lookups on threads of their own.
//
// getaddrinfo() of the system blocks, cannot be cancelled and must not occupy the pool that users
// submit to. Its threads are detached: nothing ever joins them, a loop closes while they look up.
#pragma once
#include <asyncio/address_info.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// A blocking question. It is owned by whoever asks and by the thread that answers.
class ResolverJob {
public:
    ResolverJob() = default;
    ResolverJob(const ResolverJob&) = delete;
    ResolverJob& operator=(const ResolverJob&) = delete;
    virtual ~ResolverJob() = default;
    /// On a resolver thread.
    virtual void work() noexcept = 0;

private:
    friend class ResolverThreads;
    enum class State : std::uint8_t { queued, running, abandoned, done };
    State state_ = State::queued; // under the lock of the threads
};

/// 16 jobs run at a time in the process, others wait for their turn.
void submit_to_resolver(std::shared_ptr<ResolverJob> job);
/// Nobody waits for the answer any more: the job does not start, and one that runs already does
/// not keep others from running.
void abandon_in_resolver(ResolverJob& job) noexcept;

/// The system's answer; blocks. Throws gaierror or OSError.
std::vector<AddressInfo> look_up(const AddressQuery& query);

/// Whether the system answers without asking anybody: no name is to be looked up.
bool is_numeric(const AddressQuery& query) noexcept;
bool is_numeric(int name_flags) noexcept;

/// The names of a host and its service; blocks. Throws gaierror, OSError, TypeError.
std::pair<std::string, std::string> look_up_name(const SocketAddress& address, int flags);

/// The address when the query's host is a literal one and its service a number, else nothing.
/// Throws OverflowError "CALL(): port must be 0-65535.".
std::vector<AddressInfo> literal_address(const AddressQuery& query, const char* call);

} // namespace asyncio::detail
