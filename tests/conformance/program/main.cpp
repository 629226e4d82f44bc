// pairs NAME: runs the C++ half of one pair.
#include "pairs.hpp"

#include <cstdio>
#include <map>
#include <string>

namespace {

std::map<std::string, Pair>& pairs() {
    static std::map<std::string, Pair> pairs;
    return pairs;
}

} // namespace

Registered::Registered(const char* name, Pair pair) { pairs()[name] = pair; }

int main(int argc, char** argv) {
    const auto found = argc == 2 ? pairs().find(argv[1]) : pairs().end();
    if (found == pairs().end()) {
        std::fprintf(stderr, "usage: pairs NAME, one of\n");
        for (const auto& [name, pair] : pairs()) std::fprintf(stderr, "  %s\n", name.c_str());
        return 2;
    }
    found->second();
}
