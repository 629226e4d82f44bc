// SCH-02, SCH-01: a callback that cancels a later handle of the same batch prevents it, also when
// that handle is a due timer; cancelling twice or after the run is harmless.
#include "py.hpp"

#include <map>

int main() {
    auto loop = asyncio::new_event_loop();
    std::map<std::string, asyncio::Handle> handles;

    auto killer = [&] {
        print("killer");
        handles["victim"].cancel();
        handles["victim"].cancel();
        handles["timer"].cancel();
        print(handles["victim"].cancelled(), handles["timer"].cancelled());
    };

    auto survivor = [&] { print("survivor", handles["survivor"].cancelled()); };

    handles["killer"] = loop->call_soon(killer);
    handles["victim"] = loop->call_soon([] { print("victim"); });
    handles["survivor"] = loop->call_soon(survivor);
    handles["timer"] = loop->call_later(0, [] { print("timer"); });
    handles["other"] = loop->call_later(0, [] { print("other timer"); });
    handles["early"] = loop->call_soon([] { print("cancelled before the run"); });
    handles["early"].cancel();
    loop->call_later(0.005, [&] { loop->stop(); });
    loop->run_forever();
    handles["survivor"].cancel();
    print(handles["survivor"].cancelled(), handles["killer"].cancelled());
    loop->close();
}
