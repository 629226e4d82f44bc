// Layer 3. Barrier: tasks that meet.
//
//   filling ──the last party arrives──> draining ──the last one leaves──> filling
//      │ reset()                           │ reset()
//      └──> resetting ──the last one leaves┴──> filling          abort() ──> broken ──> reset()
//
// Python counterpart: asyncio.Barrier.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/sync_object.hpp>

#include <cstddef>
#include <exception>
#include <string>

namespace asyncio {

namespace detail {
class BarrierImpl;
} // namespace detail

/// Holds its visitors back until a fixed number of them has come, again and again.
class ASYNCIO_EXPORT Barrier : public detail::SyncHandle<detail::BarrierImpl> {
public:
    /// Throws ValueError for less than one party.
    explicit Barrier(std::ptrdiff_t parties);
    Barrier(const Barrier&);
    Barrier& operator=(const Barrier&);
    ~Barrier();

    /// Waits for the other parties; gives 0 to the first that came, up to parties() - 1. Who comes
    /// while the former visitors still leave waits for the next round. A cancelled visitor just
    /// leaves: the barrier is not broken. Throws BrokenBarrierError after abort(), or when reset()
    /// ends the round.
    Coroutine<std::ptrdiff_t> wait() const;
    /// Back to the initial state; who waits gets BrokenBarrierError.
    Coroutine<void> reset() const;
    /// Breaks the barrier: present and future visitors get BrokenBarrierError, until reset().
    Coroutine<void> abort() const;

    std::ptrdiff_t parties() const noexcept;
    /// How many wait; 0 unless the barrier is filling.
    std::ptrdiff_t n_waiting() const noexcept;
    /// After abort().
    bool broken() const noexcept;
    std::string repr() const;

    // For async_with: the body gets the index.
    Coroutine<std::ptrdiff_t> aenter() const { return wait(); }
    bool aexit(const std::exception_ptr&) const noexcept { return false; }
};

} // namespace asyncio
