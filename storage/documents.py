"""A brief as JSON and back, whole."""

from pydantic import TypeAdapter

from bot.model import Brief

_BRIEF = TypeAdapter(Brief)


def dumped(brief: Brief) -> str:
    """The brief as JSON."""
    return _BRIEF.dump_json(brief).decode()


def loaded(text: str) -> Brief:
    """Back from JSON; fields added since have their defaults."""
    return _BRIEF.validate_json(text)
