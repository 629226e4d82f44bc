// SCH-08: a cancelled handle releases the callable's arguments at once, a run one right after the
// call; the loop does not keep them until the timer would have fired.
#include "py.hpp"

#include <memory>

struct Noisy {
    explicit Noisy(std::string n) : name(n) {}
    ~Noisy() { print("released", name); }
    std::string name;
};

void use(std::shared_ptr<Noisy> noisy) { print("used", noisy->name); }

int main() {
    auto loop = asyncio::new_event_loop();
    auto soon = loop->call_soon(use, std::make_shared<Noisy>("soon"));
    auto later = loop->call_later(3600, use, std::make_shared<Noisy>("later"));
    soon.cancel();
    print("soon cancelled");
    later.cancel();
    print("later cancelled");
    loop->call_soon(use, std::make_shared<Noisy>("run"));
    loop->call_soon([] { print("next handle"); });
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    loop->call_soon(use, std::make_shared<Noisy>("queued at close"));
    loop->close();
    print("closed");
}
