// TSK-01, TSK-02: tasks that create tasks: first steps run breadth-first, generation by generation
// (an eager or depth-first start would print the tree in preorder).
#include "py.hpp"

using Tasks = std::vector<asyncio::Task<void>>;

asyncio::Coroutine<> node(std::string name, int depth, Tasks* tasks) {
    print("enter", name);
    if (depth) {
        tasks->push_back(asyncio::create_task(node(name + "0", depth - 1, tasks)));
        tasks->push_back(asyncio::create_task(node(name + "1", depth - 1, tasks)));
    }
    print("spawned", name);
    co_await asyncio::sleep(0);
    print("leave", name);
}

asyncio::Coroutine<> amain() {
    Tasks tasks;
    auto root = asyncio::create_task(node("r", 2, &tasks));
    co_await root;
    std::vector<bool> done;
    for (const auto& t : tasks) done.push_back(t.done());
    print("root done", done);
    std::size_t index = 0;
    while (index < tasks.size()) {
        auto task = tasks[index];
        co_await task;
        index += 1;
    }
    print("all done", tasks.size());
}

int main() { asyncio::run(amain()); }
