"""views.*: modals that a trigger opens, and App Home."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox import checks
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.ground import Answer, Ground
from bot.sandbox.web_api import Arguments, Call, required
from bot.sandbox.workspace import APP, BOT_ID, TEAM, View


class Views(Ground):
    """views.*: modals that a trigger opens, and App Home."""

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "views.open": self.views_open,
            "views.publish": self.views_publish,
            "views.push": self.views_push,
            "views.update": self.views_update,
        }

    def views_open(self, a: Arguments) -> Answer:
        required(a, "trigger_id", "view")
        view = self._modal(a)
        user = self.triggers.use(str(a["trigger_id"]))
        for id_ in [v.id for v in self.workspace.views.values() if v.user == user]:
            self.workspace.views.pop(id_)
        return {"view": self._opened(user, view, None)}

    def views_push(self, a: Arguments) -> Answer:
        required(a, "trigger_id", "view")
        view = self._modal(a)
        user = self.triggers.use(str(a["trigger_id"]))
        return {"view": self.push(user, view)}

    def push(self, user: str, view: dict[str, Any]) -> dict[str, Any]:
        """One more view over the one that is open; three at most."""
        stack = [v for v in self.workspace.views.values() if v.user == user]
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= 3:
            raise SlackError("push_limit_reached")
        return self._opened(user, view, stack[-1].id)

    def views_update(self, a: Arguments) -> Answer:
        required(a, "view")
        open_ = self.workspace.views.get(str(a.get("view_id")))
        if open_ is None:
            raise SlackError("not_found")
        if a.get("hash") and a["hash"] != open_.hash:
            raise SlackError("hash_conflict")
        open_.view = self._modal(a)
        open_.hash, open_.errors = secrets.token_hex(6), {}
        self.workspace.changed()
        return {"view": view_object(open_)}

    def views_publish(self, a: Arguments) -> Answer:
        required(a, "user_id", "view")
        if a["user_id"] not in self.workspace.users:
            raise SlackError("user_not_found")
        view = checks.view(a["view"], self.file_ready)
        if view["type"] != "home":
            raise SlackError("invalid_arguments")
        self.workspace.homes[a["user_id"]] = {"id": "V" + a["user_id"][1:], **view}
        self.workspace.changed()
        return {"view": self.workspace.homes[a["user_id"]]}

    def _modal(self, a: Arguments) -> dict[str, Any]:
        view = checks.view(a["view"], self.file_ready)
        if view["type"] != "modal":
            raise SlackError("invalid_arguments")
        return view

    def _opened(self, user: str, view: dict[str, Any], previous: str | None) -> dict[str, Any]:
        id_ = self.workspace.new_id("V")
        root = self.workspace.views[previous].root if previous else id_
        made = View(id_, user, view, root, previous, secrets.token_hex(6))
        self.workspace.views[id_] = made
        self.workspace.changed()
        return view_object(made)


def view_object(open_: View) -> dict[str, Any]:
    """A view as Slack hands it to the app."""
    return {
        **open_.view,
        "id": open_.id,
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT_ID,
        "hash": open_.hash,
        "root_view_id": open_.root,
        "previous_view_id": open_.previous,
        "private_metadata": open_.view.get("private_metadata", ""),
        "callback_id": open_.view.get("callback_id", ""),
        "state": {"values": open_.values},
    }
