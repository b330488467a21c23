"""A brief, and the rules of a workspace, as JSON and back, whole."""

from pydantic import TypeAdapter

from bot.house import House
from bot.model import Brief

_BRIEF = TypeAdapter(Brief)
_HOUSE = TypeAdapter(House)


def dumped(brief: Brief) -> str:
    """The brief as JSON."""
    return _BRIEF.dump_json(brief).decode()


def loaded(text: str) -> Brief:
    """Back from JSON; fields added since have their defaults."""
    return _BRIEF.validate_json(text)


def house_dumped(house: House) -> str:
    """The rules as JSON."""
    return _HOUSE.dump_json(house).decode()


def house_loaded(text: str) -> House:
    """Back from JSON; rules added since have their defaults."""
    return _HOUSE.validate_json(text)
