"""What can go wrong, sorted by who can act.

ProofthreadError
├── Refused         the person: the text is shown to them, so it is written to them
├── Busy            time: the same call may work later (``after`` seconds, if the other side said so)
├── Declined        nobody: the outside world said no for good, in words for the person
│   └── Rejected    an answer that is no good: it is asked for once more
└── Misconfigured   the operator: a setting is missing or wrong, and the way on
"""


class ProofthreadError(Exception):
    """Root of every error this product raises on purpose."""


class Refused(ProofthreadError):
    """The person asked for something that cannot be done; the text says what to do instead."""


class Busy(ProofthreadError):
    """The other side is overloaded or out of reach. ``after`` is in seconds, None when it did not say; ``usd`` is what
    has been spent before it came to that."""

    def __init__(self, message: str, after: float | None = None, usd: float = 0.0) -> None:
        super().__init__(message)
        self.after, self.usd = after, usd


class Declined(ProofthreadError):
    """The other side will not do this, however often it is asked. ``usd``: what the asking has cost."""

    def __init__(self, message: str, usd: float = 0.0) -> None:
        super().__init__(message)
        self.usd = usd


class Rejected(Declined):
    """An answer came, and it is no good. The text goes on a sentence that begins "what came back"."""


class Misconfigured(ProofthreadError):
    """A setting is missing or wrong. One line, naming the variable and the way on."""
