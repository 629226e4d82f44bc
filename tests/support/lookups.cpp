// See lookups.hpp.
#include "lookups.hpp"

#include <string_view>

#include <dlfcn.h>
#include <netdb.h>

namespace asyncio_test {

Hangs& hangs() {
    static Hangs one;
    return one;
}

} // namespace asyncio_test

namespace {

using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

Lookup system_lookup() {
    static const auto real = reinterpret_cast<Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return real;
}

// Both addresses of this host, as far as they are asked for.
int look_up_here(const char* service, const addrinfo* hints, addrinfo** found) {
    addrinfo* ipv6 = nullptr;
    const bool has_ipv6 = system_lookup()("::1", service, hints, &ipv6) == 0;
    const int failed = system_lookup()("127.0.0.1", service, hints, found);
    if (!has_ipv6) return failed;
    addrinfo* last = ipv6;
    while (last->ai_next) last = last->ai_next;
    last->ai_next = failed ? nullptr : *found;
    *found = ipv6;
    return 0;
}

} // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
    const std::string_view name = node ? node : "";
    if (name == "here.test") return look_up_here(service, hints, found);
    if (!name.ends_with(".hangs")) return system_lookup()(node, service, hints, found);
    asyncio_test::hangs().hang();
    return EAI_AGAIN;
}
