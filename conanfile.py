"""Conan 2 recipe: `conan create .`; tests/package is its test package."""
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir
from conan.tools.scm import Version

required_conan_version = ">=2.1"

OLDEST_COMPILER = {"gcc": "12", "clang": "16"}


class AsyncioConan(ConanFile):
    name = "asyncio"
    description = "Python's asyncio for C++20, on Boost.Asio"
    license = "BSL-1.0"
    topics = ("asyncio", "coroutines", "asynchronous", "networking", "boost-asio")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "with_io_uring": [True, False]}
    default_options = {"shared": False, "fPIC": True, "with_io_uring": False}
    implements = ["auto_shared_fpic"]
    # What the test package leaves in its folder must not change the revision of the recipe.
    exports_sources = "CMakeLists.txt", "LICENSE", "asyncio/*", "tests/*", "!tests/package/*"
    test_package_folder = "tests/package"

    def set_version(self):
        if not self.version:
            header = load(self, os.path.join(self.recipe_folder, "asyncio", "version.hpp"))
            self.version = ".".join(
                re.search(rf"#define ASYNCIO_VERSION_{part} (\d+)", header).group(1)
                for part in ("MAJOR", "MINOR", "PATCH"))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        # asyncio/asio.hpp shows Boost to its users; nothing shows OpenSSL.
        self.requires("boost/[>=1.81 <2]", transitive_headers=True)
        self.requires("openssl/[>=3 <4]")
        if self.options.with_io_uring:
            self.requires("liburing/[>=2.1 <3]", transitive_headers=True, transitive_libs=True)

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.23]")

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration(f"{self.ref} runs on Linux")
        compiler = self.settings.compiler
        oldest = OLDEST_COMPILER.get(str(compiler))
        if oldest and Version(compiler.version) < oldest:
            raise ConanInvalidConfiguration(f"{self.ref} needs {compiler} {oldest} or newer")

    def _runs_tests(self):
        return not self.conf.get("tools.build:skip_test", default=True, check_type=bool)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ASYNCIO_BUILD_TESTS"] = self._runs_tests()
        toolchain.cache_variables["ASYNCIO_BUILD_EXAMPLES"] = False
        toolchain.cache_variables["ASYNCIO_BUILD_BENCH"] = False
        toolchain.cache_variables["ASYNCIO_INSTALL"] = True
        toolchain.cache_variables["ASYNCIO_IO_URING"] = bool(self.options.with_io_uring)
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
        if self._runs_tests():
            # The checks of the sources need the whole repository, which is not exported.
            cmake.ctest(cli_args=["--output-on-failure", "--label-exclude", "^sources$"])

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # Conan's generators replace what these folders hold.
        for folder in ("lib/cmake", "lib/pkgconfig", "share"):
            rmdir(self, os.path.join(self.package_folder, folder))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "asyncio")
        self.cpp_info.set_property("cmake_target_name", "asyncio::asyncio")
        self.cpp_info.set_property("pkg_config_name", "asyncio")
        self.cpp_info.libs = ["asyncio"]
        self.cpp_info.system_libs = ["pthread"]
        self.cpp_info.requires = ["boost::headers", "openssl::ssl", "openssl::crypto"]
        self.cpp_info.defines = ["BOOST_ASIO_NO_DEPRECATED"]
        if not self.options.shared:
            self.cpp_info.defines.append("ASYNCIO_STATIC_DEFINE")
        if self.options.with_io_uring:
            self.cpp_info.requires.append("liburing::liburing")
            self.cpp_info.defines += ["BOOST_ASIO_HAS_IO_URING", "BOOST_ASIO_DISABLE_EPOLL"]
