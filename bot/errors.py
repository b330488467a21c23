"""What can go wrong, sorted by who can act.

ProofthreadError
├── Refused         the person: the text is shown to them, so it is written to them
├── Busy            time: the same call may work later (``after`` seconds, if the other side said so)
├── Declined        nobody: the outside world said no for good, in words for the person
│   ├── Rejected    an answer that is no good: it is asked for once more
│   ├── Blocked     a provider's safety rules: never asked for again with the same words, by no engine
│   ├── Failed      begun and broken on their side, which costs nothing: somebody else may be asked
│   ├── CalledOff   a person no longer wants it: nobody else is asked
│   ├── OverBudget  a limit that somebody set would be passed: a person may lift it
│   └── Lost        nobody knows whether it was done and charged: never asked for again unless a person says so
└── Misconfigured   the operator: a setting is missing or wrong, and the way on
    └── Unknown     the provider does not know this model (any more)
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


class Blocked(Declined):
    """A provider's safety rules forbid it. Asking again costs and changes nothing."""


class Failed(Declined):
    """The provider says that it began and could not finish. It is not charged for."""


class CalledOff(Declined):
    """It was stopped, or its brief was closed, before it came."""


class OverBudget(Declined):
    """A call that would pass a budget (USD), and so was not made. ``scope``: "brief" or "month"."""

    def __init__(self, scope: str, spent: float, needs: float, limit: float) -> None:
        which = "this brief's budget" if scope == "brief" else "this month's budget"
        way = "" if scope == "brief" else " An admin can raise it (PROOFTHREAD_MONTH_BUDGET)."
        super().__init__(
            f"That would pass {which} of ${limit:.2f}: ${spent:.2f} is spent, and it needs about ${needs:.2f} "
            f"more.{way}"
        )
        self.scope, self.spent, self.needs, self.limit = scope, spent, needs, limit


class Lost(Declined):
    """The connection broke, or we did, between asking and hearing: it may have been done and charged (``usd``)."""


class Misconfigured(ProofthreadError):
    """A setting is missing or wrong. One line, naming the variable and the way on."""


class Unknown(Misconfigured):
    """The provider does not know this model: another of its tier is asked instead."""
