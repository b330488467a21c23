"""The message as a reader sees it: without code, quotes of others, links and mentions."""

import html
import re
import unicodedata

_CODE = re.compile(r"```.*?(?:```|$)|`[^`\n]*`", re.S)
_LINK = re.compile(r"<(?:https?|mailto)[^<>]*>|https?://\S+")
_MENTION = re.compile(r"<[@#!][^<>]*>|(?<!\w)@[\w.-]+")
_QUOTED_LINE = re.compile(r"(?m)^\s*(?:&gt;|>).*$")
_TONES = frozenset("\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
LONGEST = 1200
"""Characters that are read; a wish does not take more."""
QUOTED = 3000
"""Characters that are kept to be quoted."""


def cleaned(text: str) -> str:
    """The words with plain quotes and single spaces, lines kept; cut at ``LONGEST`` characters."""
    text = _QUOTED_LINE.sub(" ", text[:LONGEST])
    text = _LINK.sub(" ", _CODE.sub(" ", text))
    text = html.unescape(_MENTION.sub(" ", text))
    if text.isascii():
        return _lines(text)
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    text = re.sub(r"[“”„«»]", '"', text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf" and c not in _TONES)
    return _lines(text)


def _lines(text: str) -> str:
    return "\n".join([" ".join(line.split()) for line in text.splitlines() if line.strip()])


def plain(text: str) -> str:
    """The words without Slack's escapes, so that they can be quoted (escaped anew) without pinging anybody.

    >>> plain("<@U012AB> salt &amp; pepper <https://x.org|here> <!channel>")
    'salt & pepper here @channel'
    """
    text = text[:QUOTED]
    if "<" in text:
        text = re.sub(r"<@[^<>]*>", " ", text)
        text = re.sub(r"<!(\w+)[^<>]*>", r"@\1", text)
        text = re.sub(r"<#[^|<>]*\|?([^<>]*)>", lambda m: f"#{m.group(1) or 'channel'}", text)
        text = re.sub(r"<([^|<>]+)\|([^<>]*)>", r"\2", text)
        text = re.sub(r"<((?:https?|mailto):[^<>]*)>", r"\1", text)
    return " ".join(html.unescape(text).split())


def addressed_elsewhere(text: str) -> bool:
    """Does the message open by naming somebody, or a command of another bot?"""
    return (
        re.match(r"\s*(?:<@[UW][^<>]*>|@(?!bot\b|proofthread\b)[\w.-]+|[/!][a-z]+)", text, re.I) is not None
    )


def commands_another(text: str) -> bool:
    """Does the message open with a command of another bot ("/giphy", "!deploy")?"""
    return re.match(r"\s*[/!][a-z]+", text) is not None


def for_us(text: str, ours: frozenset[str]) -> str:
    """The message without our own name in front: "@Proofthread fix the hand" is for nobody else."""
    named = re.match(r"\s*<@([UW][A-Z0-9]+)(?:\|[^>]*)?>[\s,:]*", text)
    return text[named.end() :] if named and named.group(1) in ours else text
