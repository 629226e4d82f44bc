// The entry point of asyncio-tests. Every tests/NAME_test.cpp is one suite called NAME, so
// `asyncio-tests --run_test=NAME` runs one file and `--run_test=NAME/CASE` one case.
#define BOOST_TEST_MODULE asyncio
#include <boost/test/unit_test.hpp>
