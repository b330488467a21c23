"""Jobs are enqueued in the transaction that decides them: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy.orm import Session

from bot import jobs as j
from storage.tables import JobRow

VERSION = "1"
"""Bumped by hand when a workflow's steps change: the engine takes only work of its own version."""
NAME = "proofthread"
SLACK, STUDIO = "slack", "studio"
KINDS: dict[str, Callable[..., j.Job]] = {
    t.__name__.lower(): t
    for t in (j.Draw, j.Edit, j.Make, j.Show, j.Seed, j.Tell, j.Notify, j.Nudge, j.Consult, j.Fetch, j.Report)
}


def opened(url: str) -> DBOSClient:
    """A client that enqueues into our own database."""
    return DBOSClient(system_database_url=url, application_name=NAME, lazy=True)


def row(job: j.Job, at: Any) -> JobRow:
    """The job as a row."""
    return JobRow(kind=type(job).__name__.lower(), data=asdict(job), at=at)


def job(kind: str, data: dict[str, Any]) -> j.Job:
    """Back from a row."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return KINDS[kind](**fields)


def enqueue(
    session: Session,
    client: DBOSClient,
    number: int,
    job: j.Job,
    channel: str,
    tries: int = 0,
    delay: float = 0,
) -> None:
    """Into the queue of its kind: Slack's in order in a channel, pictures in order in a brief."""
    drawing = isinstance(job, j.Draw | j.Edit | j.Make | j.Fetch | j.Consult)
    match (
        job
    ):  # pictures of a brief in their order; a reading waits for no picture, and no picture for a clip
        case j.Draw() | j.Edit():
            channel = job.brief
        case j.Make():
            channel = f"make:{job.brief}:{job.deliverable}"
        case j.Notify() | j.Nudge():
            channel = f"person:{job.person}"
        case j.Consult():
            channel = f"read:{job.brief}"
    options: EnqueueOptions = {
        "workflow_name": "work",
        "workflow_id": f"job:{number}" + (f":{tries}" if tries else ""),
        "queue_name": STUDIO if drawing else SLACK,
        "app_version": VERSION,
        "queue_partition_key": channel,
        "priority": number,  # SQLite's clock has whole seconds here; without this, jobs overtake one another
    }
    if delay:
        options["delay_seconds"] = delay
    client.enqueue_in_transaction(session, options, number, tries)
