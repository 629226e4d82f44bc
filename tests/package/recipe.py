#!/usr/bin/env python3
"""Check conanfile.py without Conan: it imports, and what it asks of CMake exists there.

`recipe.py --cmake` prints the definitions that the recipe gives to CMake; run.py builds with them.
"""
import importlib.util
import pathlib
import re
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Toolchain:
    """Stands for Conan's CMake helpers and keeps the cache variables."""
    cache_variables = {}

    def __init__(self, recipe):
        pass

    def generate(self):
        pass


class ConanFile:
    """The part of Conan's base class that the recipes use."""
    version = None
    recipe_folder = str(ROOT)
    conf = types.SimpleNamespace(get=lambda name, default, check_type: default)
    settings = types.SimpleNamespace(os="Linux", compiler="gcc")

    def __init__(self):
        self.options = types.SimpleNamespace(**self.default_options)
        self.required = []
        self.properties = {}
        self.cpp_info = types.SimpleNamespace(set_property=self.properties.__setitem__)

    def requires(self, reference, **traits):
        self.required.append(reference.split("/")[0])


def stub_conan():
    """Put modules named like Conan's in the way of the import."""
    def load(recipe, path):
        return pathlib.Path(path).read_text()

    names = {
        "conan": {"ConanFile": ConanFile},
        "conan.errors": {"ConanInvalidConfiguration": Exception},
        "conan.tools": {},
        "conan.tools.build": {"check_min_cppstd": None, "can_run": None},
        "conan.tools.cmake": {"CMake": None, "CMakeDeps": Toolchain, "cmake_layout": None,
                              "CMakeToolchain": Toolchain},
        "conan.tools.files": {"copy": None, "load": load, "rmdir": None},
        "conan.tools.scm": {"Version": str},
    }
    for name, members in names.items():
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(members)


def recipe_of(path, name):
    """The class called `name` of a recipe file."""
    spec = importlib.util.spec_from_file_location(f"recipe_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def cmake_definitions(recipe):
    """The cache variables that generate() sets, for CMake's command line."""
    recipe.generate()
    return {name: "ON" if on else "OFF" for name, on in Toolchain.cache_variables.items()}


def check(recipe, definitions):
    """Descriptions of what does not agree with the rest of the project."""
    cmake = (ROOT / "CMakeLists.txt").read_text()
    recipe.set_version()
    recipe.requirements()
    recipe.package_info()
    if not re.fullmatch(r"\d+\.\d+\.\d+", recipe.version):
        yield f"version {recipe.version!r}"
    for name in definitions:
        if f"option({name} " not in cmake:
            yield f"CMakeLists.txt has no option {name}"
    for target in (recipe.properties["cmake_target_name"], *recipe.cpp_info.defines):
        if target not in cmake:
            yield f"CMakeLists.txt does not know {target}"
    for component in recipe.cpp_info.requires:
        if component.split("::")[0] not in recipe.required:
            yield f"package_info() needs {component}, which requirements() does not ask for"
    if not (ROOT / recipe.test_package_folder / "conanfile.py").exists():
        yield f"{recipe.test_package_folder} is no test package"


def main():
    sys.dont_write_bytecode = True
    stub_conan()
    recipe = recipe_of(ROOT / "conanfile.py", "AsyncioConan")()
    recipe_of(ROOT / "tests/package/conanfile.py", "TestPackage")
    definitions = cmake_definitions(recipe)
    if "--cmake" in sys.argv:
        print(*(f"-D{name}={value}" for name, value in definitions.items()))
        return 0
    troubles = list(check(recipe, definitions))
    print(*troubles, sep="\n", end="\n" if troubles else "")
    return bool(troubles)


if __name__ == "__main__":
    sys.exit(main())
