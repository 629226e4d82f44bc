// Layer 0. The error classes and the data their copies share. See exceptions.hpp.
#include <asyncio/exceptions.hpp>

namespace asyncio {

namespace detail {

// What the copies of one error share. Only a single owner changes it; `texts` grows under copies.
struct ExceptionData {
    ExceptionData() = default;
    ExceptionData(const ExceptionData& other)
        : message(other.message), cause(other.cause), context(other.context),
          has_message(other.has_message), suppress_context(other.suppress_context) {}
    ExceptionData& operator=(const ExceptionData&) = delete;
    ~ExceptionData() { drop_texts(); }

    void retain() noexcept { owners.fetch_add(1, std::memory_order_relaxed); }
    void release() noexcept {
        if (owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    struct Text {
        std::string value;
        const Text* next;
    };

    void drop_texts() noexcept {
        for (const Text* text = texts.exchange(nullptr); text;)
            delete std::exchange(text, text->next);
    }

    // The stored copy of a text; what() may point to it as long as this data lives.
    const char* keep(std::string value) {
        const Text* first = texts.load(std::memory_order_acquire);
        for (const Text* text = first; text; text = text->next)
            if (text->value == value) return text->value.c_str();
        auto* text = new Text{std::move(value), first};
        while (!texts.compare_exchange_weak(text->next, text, std::memory_order_acq_rel)) {
        }
        return text->value.c_str();
    }

    std::atomic<int> owners{1};
    std::atomic<const Text*> texts{nullptr}; // of the copies whose str() is not the message
    std::string message;
    std::exception_ptr cause;
    std::exception_ptr context;
    bool has_message = false;
    bool suppress_context = false;
};

namespace {

ExceptionData* load(const std::atomic<ExceptionData*>& data) noexcept {
    return data.load(std::memory_order_acquire);
}

ExceptionData* share(const std::atomic<ExceptionData*>& data) noexcept {
    ExceptionData* shared = load(data);
    if (shared) shared->retain();
    return shared;
}

} // namespace
} // namespace detail

BaseException::BaseException() noexcept = default;

BaseException::BaseException(std::string message) { assign_message(std::move(message)); }

BaseException::BaseException(const BaseException& other) noexcept
    : data_(detail::share(other.data_)) {}

// A derived class's copy assigns the virtual base once more from its own body (so that a class
// which forgets the virtual base still copies the message): equal data is the common case.
BaseException& BaseException::operator=(const BaseException& other) noexcept {
    if (detail::load(data_) == detail::load(other.data_)) return *this;
    detail::ExceptionData* mine = data_.exchange(detail::share(other.data_));
    if (mine) mine->release();
    return *this;
}

BaseException::~BaseException() {
    if (detail::ExceptionData* data = detail::load(data_)) data->release();
}

void BaseException::anchor() const {}

const std::string& BaseException::message() const noexcept {
    static const std::string empty;
    const detail::ExceptionData* data = detail::load(data_);
    return data ? data->message : empty;
}

bool BaseException::has_message() const noexcept {
    const detail::ExceptionData* data = detail::load(data_);
    return data && data->has_message;
}

std::string BaseException::str() const { return message(); }

std::string BaseException::repr_args() const {
    return has_message() ? detail::repr_string(message()) : std::string();
}

std::exception_ptr BaseException::cause() const noexcept {
    const detail::ExceptionData* data = detail::load(data_);
    return data ? data->cause : nullptr;
}

std::exception_ptr BaseException::context() const noexcept {
    const detail::ExceptionData* data = detail::load(data_);
    return data ? data->context : nullptr;
}

bool BaseException::suppress_context() const noexcept {
    const detail::ExceptionData* data = detail::load(data_);
    return data && data->suppress_context;
}

// Data nobody else refers to, made by copying where necessary.
detail::ExceptionData& BaseException::own_data() {
    detail::ExceptionData* data = detail::load(data_);
    if (data && data->owners.load(std::memory_order_acquire) == 1) {
        data->drop_texts();
        return *data;
    }
    auto* copy = data ? new detail::ExceptionData(*data) : new detail::ExceptionData;
    data_.store(copy, std::memory_order_release);
    if (data) data->release();
    return *copy;
}

void BaseException::assign_message(std::string message) {
    detail::ExceptionData& data = own_data();
    data.message = std::move(message);
    data.has_message = true;
}

void BaseException::set_cause(std::exception_ptr cause) {
    detail::ExceptionData& data = own_data();
    data.cause = std::move(cause);
    data.suppress_context = true;
}

void BaseException::set_context(std::exception_ptr context) {
    own_data().context = std::move(context);
}

// str() may be overridden, and what() must point to something that lives on.
const char* BaseException::stored_text() const noexcept try {
    std::string current = str();
    if (current == message()) return message().c_str();
    detail::ExceptionData* data = detail::load(data_);
    if (!data) {
        auto* fresh = new detail::ExceptionData;
        if (data_.compare_exchange_strong(data, fresh, std::memory_order_acq_rel))
            data = fresh;
        else
            fresh->release();
    }
    return data->keep(std::move(current));
} catch (...) {
    return message().c_str();
}

Exception::Exception() noexcept = default;

Exception::Exception(std::string message) { assign_message(std::move(message)); }

Exception::Exception(const Exception& other) noexcept
    : BaseException(other), std::exception(other) {
    BaseException::operator=(other);
}

Exception& Exception::operator=(const Exception& other) noexcept {
    BaseException::operator=(other);
    return *this;
}

Exception::~Exception() = default;

const char* Exception::what() const noexcept { return stored_text(); }

// The classes beside Exception: constructors fill the virtual base in their bodies.
#define ASYNCIO_BASE_ONLY_ERROR(NAME)                                                              \
    NAME::NAME() noexcept = default;                                                               \
    NAME::NAME(std::string message) { assign_message(std::move(message)); }                        \
    NAME::NAME(const NAME& other) noexcept : BaseException(other) {                                \
        BaseException::operator=(other);                                                           \
    }                                                                                              \
    NAME& NAME::operator=(const NAME& other) noexcept {                                            \
        BaseException::operator=(other);                                                           \
        return *this;                                                                              \
    }                                                                                              \
    NAME::~NAME() = default;

ASYNCIO_BASE_ONLY_ERROR(CancelledError)
ASYNCIO_BASE_ONLY_ERROR(KeyboardInterrupt)
ASYNCIO_BASE_ONLY_ERROR(GeneratorExit)
#undef ASYNCIO_BASE_ONLY_ERROR

SystemExit::SystemExit() noexcept = default;

SystemExit::SystemExit(int code) : code_(code) {}

SystemExit::SystemExit(std::string message) : code_(1) { assign_message(std::move(message)); }

SystemExit::SystemExit(const SystemExit& other) noexcept
    : BaseException(other), code_(other.code_) {
    BaseException::operator=(other);
}

SystemExit& SystemExit::operator=(const SystemExit& other) noexcept {
    BaseException::operator=(other);
    code_ = other.code_;
    return *this;
}

SystemExit::~SystemExit() = default;

std::string SystemExit::str() const {
    if (has_message()) return message();
    return code_ ? std::to_string(*code_) : std::string();
}

std::string SystemExit::repr_args() const {
    return has_message() ? BaseException::repr_args() : str();
}

IncompleteReadError::IncompleteReadError(std::string partial_bytes,
                                         std::optional<std::size_t> expected_size)
    : partial(std::move(partial_bytes)), expected(expected_size) {
    assign_message(std::to_string(partial.size()) + " bytes read on a total of " +
                   (expected ? std::to_string(*expected) : "undefined") + " expected bytes");
}

LimitOverrunError::LimitOverrunError(std::string message, std::size_t consumed_size)
    : Exception(std::move(message)), consumed(consumed_size) {}

ValueError::ValueError(std::string message) { assign_message(std::move(message)); }

// What is copied as a base leaves its virtual bases to the whole object, which may not know them.
ValueError::ValueError(const ValueError& other) noexcept : BaseException(other), Exception(other) {
    BaseException::operator=(other);
}

ValueError& ValueError::operator=(const ValueError& other) noexcept {
    BaseException::operator=(other);
    return *this;
}

#define ASYNCIO_ANCHOR(NAME)                                                                       \
    void NAME::anchor() const {}

ASYNCIO_ANCHOR(RuntimeError)
ASYNCIO_ANCHOR(ValueError)
ASYNCIO_ANCHOR(TypeError)
ASYNCIO_ANCHOR(LookupError)
ASYNCIO_ANCHOR(OverflowError)
ASYNCIO_ANCHOR(NotImplementedError)
ASYNCIO_ANCHOR(EOFError)
ASYNCIO_ANCHOR(AssertionError)
ASYNCIO_ANCHOR(StopAsyncIteration)
ASYNCIO_ANCHOR(InvalidStateError)
ASYNCIO_ANCHOR(IncompleteReadError)
ASYNCIO_ANCHOR(LimitOverrunError)
ASYNCIO_ANCHOR(SendfileNotAvailableError)
ASYNCIO_ANCHOR(BrokenBarrierError)
ASYNCIO_ANCHOR(QueueEmpty)
ASYNCIO_ANCHOR(QueueFull)
ASYNCIO_ANCHOR(QueueShutDown)

} // namespace asyncio
