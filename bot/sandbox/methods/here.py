"""auth, users, team and the rest: who is here."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.ground import LAST_PAGE, Answer, Ground
from bot.sandbox.web_api import Arguments, Call
from bot.sandbox.workspace import APP, BOT_ID, BOT_USER, TEAM


class Here(Ground):
    """auth, users, team and the rest: who is here."""

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "api.test": lambda a: {"args": a},
            "apps.connections.open": self.connections_open,
            "assistant.threads.setStatus": lambda a: {},
            "auth.test": lambda a: {
                "url": self.address() + "/",
                "team": "Sandbox",
                "user": self.workspace.users[BOT_USER].name,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "bot_id": BOT_ID,
                "is_enterprise_install": False,
            },
            "bots.info": lambda a: {"bot": {"id": BOT_ID, "app_id": APP, "user_id": BOT_USER, "name": "app"}},
            "emoji.list": lambda a: {"emoji": {}},
            "team.info": lambda a: {"team": {"id": TEAM, "name": "Sandbox", "domain": "sandbox"}},
            "users.info": self.user_info,
            "users.list": lambda a: {
                "members": [_user(u) for u in self.workspace.users.values()],
                **LAST_PAGE,
            },
        }

    def connections_open(self, a: Arguments) -> Answer:
        return {"url": self.address().replace("http", "ws", 1) + f"/link?ticket={self.delivery.ticket()}"}

    def user_info(self, a: Arguments) -> Answer:
        user = self.workspace.users.get(str(a.get("user")))
        if user is None:
            raise SlackError("user_not_found")
        return {"user": _user(user)}


def _user(u: Any) -> dict[str, Any]:
    return {
        "id": u.id, "team_id": TEAM, "name": u.name, "real_name": u.real_name, "tz": u.tz, "is_bot": u.is_bot,
        "is_admin": u.is_admin,
        "deleted": False, "profile": {"real_name": u.real_name, "display_name": u.name, "title": u.title},
    }  # fmt: skip
