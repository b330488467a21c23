"""Every example in a docstring is true."""

import doctest
import importlib
import pkgutil

import pytest

import bot

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(bot.__path__, "bot.") if not m.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_hold() -> None:
    found = [doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(n)) for n in MODULES]
    assert sum(bool(t.examples) for tests in found for t in tests) >= 15
