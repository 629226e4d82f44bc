// FUT-01, FUT-02: pending, finished and cancelled futures: what done/cancelled/result/exception
// say, with the texts of the errors; set_* on a done future raises InvalidStateError.
#include "py.hpp"

void attempt(std::string name, std::function<std::string()> call) {
    try {
        print(name, call());
    } catch (const asyncio::InvalidStateError&) {
        print(name, "InvalidStateError");
    } catch (const asyncio::CancelledError& e) {
        print(name, asyncio::repr(e));
    } catch (const asyncio::ValueError& e) {
        print(name, "raises", asyncio::repr(e));
    }
}

void show(std::string title, asyncio::Future<int> fut) {
    print(title, fut.done(), fut.cancelled());
    attempt("result", [&] { return py::repr(fut.result()); });
    attempt("exception", [&] { return py::repr(fut.exception()); });
    attempt("cancel", [&] { return py::repr(fut.cancel()); });
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto pending = loop.create_future<int>(), value = loop.create_future<int>();
    auto failed = loop.create_future<int>(), cancelled = loop.create_future<int>();
    try {
        pending.exception();
    } catch (const asyncio::InvalidStateError& e) {
        print(asyncio::str(e));
    }
    value.set_result(5);
    failed.set_exception(asyncio::ValueError("bad"));
    bool first = cancelled.cancel();
    bool second = cancelled.cancel();
    print(first, second);
    show("value", value);
    show("failed", failed);
    show("cancelled", cancelled);
    using Named = std::pair<std::string, asyncio::Future<int>>;
    for (auto& [name, fut] :
         {Named("value", value), Named("failed", failed), Named("cancelled", cancelled)}) {
        auto& f = fut;
        attempt(name + " set_result", [&] { return f.set_result(1), ""; });
        attempt(name + " set_exception",
                [&] { return f.set_exception(asyncio::ValueError("again")), ""; });
    }
    print(value.result());
    show("pending", pending);
    co_return;
}

int main() { asyncio::run(amain()); }
