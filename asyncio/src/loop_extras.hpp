// Layer 2. What a loop has but rarely touches, out of the public headers.
#pragma once
#include <asyncio/events.hpp>
#include <asyncio/tasks.hpp>

#include "generator_list.hpp"

#include <functional>
#include <list>
#include <memory>
#include <vector>

namespace asyncio {
class BaseTransport;
}

namespace asyncio::detail {

/// Something that lives on a loop's Asio objects and must let go of them before the loop closes:
/// transports, servers, watched descriptors. Registered while it is open.
class LoopResource {
public:
    /// The loop is closing: release Asio objects, call no user code.
    virtual void loop_closing() noexcept = 0;

protected:
    ~LoopResource() = default;
};

/// Which transport uses a descriptor.
class TransportTable {
public:
    void enter(int fd, BaseTransport& transport);
    void leave(int fd, const BaseTransport& transport) noexcept;
    BaseTransport* find(int fd) const noexcept;

private:
    std::vector<BaseTransport*> by_fd_;
};

class DescriptorTable; // the readers and writers of descriptors
class GatherBase;

struct LoopExtras {

    ExceptionHandler exception_handler;
    TaskFactory task_factory;
    std::shared_ptr<concurrent::ThreadPoolExecutor> default_executor;
    bool executor_shut_down = false;
    std::function<void()> wake; // the driver's
    std::list<LoopResource*> resources;
    TransportTable transports;
    std::shared_ptr<DescriptorTable> descriptors; // made when the first one is watched
    GeneratorList generators;

    // Unfinished gathers refer to their children and the children to them: close() breaks it.
    GatherBase* gathers = nullptr;
    void enlist(GatherBase& gather) noexcept;
    void delist(GatherBase& gather) noexcept;
    void release_gathers() noexcept;
};

/// The loop closes: the default executor starts nothing new and is not waited for.
void abandon_executor(std::shared_ptr<concurrent::ThreadPoolExecutor>& executor) noexcept;

} // namespace asyncio::detail
