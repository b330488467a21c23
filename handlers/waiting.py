"""A command that waits for an upload, as JSON and back."""

from pydantic import TypeAdapter

from bot.commands import BringPicture, SubmitBrief

_BRIEF, _PICTURE = TypeAdapter(SubmitBrief), TypeAdapter(BringPicture)


def dumped(command: SubmitBrief | BringPicture) -> str:
    """The command as JSON."""
    if isinstance(command, SubmitBrief):
        return _BRIEF.dump_json(command).decode()
    return _PICTURE.dump_json(command).decode()


def brief(text: str) -> SubmitBrief:
    """Back from JSON: a brief about to start."""
    return _BRIEF.validate_json(text)


def picture(text: str) -> BringPicture:
    """Back from JSON: a picture dropped into a thread."""
    return _PICTURE.validate_json(text)
