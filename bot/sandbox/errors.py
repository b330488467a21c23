"""How the Web API says no."""

from typing import Any


class SlackError(Exception):
    """``{"ok": false, "error": code}`` with whatever belongs to it."""

    def __init__(
        self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(code)
        self.code, self.status, self.headers, self.more = code, status, headers or {}, more


def invalid_blocks(*problems: str) -> SlackError:
    """Blocks that Slack would refuse, with its way of pointing at the fault."""
    return SlackError(
        "invalid_blocks",
        errors=list(problems),
        response_metadata={"messages": [f"[ERROR] {p}" for p in problems]},
    )
