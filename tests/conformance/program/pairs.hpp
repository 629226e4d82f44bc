// The C++ halves of all pairs are one program: each registers under its name.
#pragma once

/// Runs as if it were a program.
using Pair = void (*)();

struct Registered {
    Registered(const char* name, Pair pair);
};
