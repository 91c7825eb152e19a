"""Where Parley itself sends nothing: there is nothing to prepare, to find or to count, and every send is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from channels_app.platforms.base import Account, Incoming, Outgoing, Receipt, Refused


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    return ()


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    raise _refused()


def send(account: Account, outgoing: Outgoing) -> Receipt:
    raise _refused()


def _refused() -> Refused:
    return Refused("Parley itself sends nothing here.", cause="content", code="unable")


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    return {}
