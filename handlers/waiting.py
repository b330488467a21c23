"""A command that waits for an upload or a reading, as JSON and back."""

from pydantic import TypeAdapter

from bot.commands import BringPicture, Reply, SubmitBrief

_BRIEF, _PICTURE, _REPLY = TypeAdapter(SubmitBrief), TypeAdapter(BringPicture), TypeAdapter(Reply)


def dumped(command: SubmitBrief | BringPicture | Reply) -> str:
    """The command as JSON."""
    if isinstance(command, SubmitBrief):
        return _BRIEF.dump_json(command).decode()
    if isinstance(command, Reply):
        return _REPLY.dump_json(command).decode()
    return _PICTURE.dump_json(command).decode()


def brief(text: str) -> SubmitBrief:
    """Back from JSON: a brief about to start."""
    return _BRIEF.validate_json(text)


def picture(text: str) -> BringPicture:
    """Back from JSON: a picture dropped into a thread."""
    return _PICTURE.validate_json(text)


def reply(text: str) -> Reply:
    """Back from JSON: a reply with the bot's own reading."""
    return _REPLY.validate_json(text)
