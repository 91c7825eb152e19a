"""The one switch: no send begins after publishing was stopped. One under way is finished, and shown."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid
from channels_app.models import Instance
from channels_app.publishing import waking
from channels_app.publishing.righting import bring_back


class PublishingState(NamedTuple):
    """Whether anything may go out, and if not, why and since when."""

    on: bool
    why: str
    since: datetime | None


def publishing_state() -> PublishingState:
    row = Instance.objects.filter(pk=1).first()
    if row is None or row.publishing:
        return PublishingState(True, "", None)
    return PublishingState(False, row.stopped_why, row.stopped_at)


def stop_all(by: User | None, now: datetime, why: str) -> None:
    """Stop all publishing. An intent being written down this instant is waited for; none begins afterwards."""
    if not why.strip():
        raise Invalid("Say why publishing is stopped.", rule="stopping")
    with transaction.atomic():
        row = locked()
        if not row.publishing:
            return
        row.publishing, row.stopped_at, row.stopped_by, row.stopped_why = False, now, by, why.strip()[:300]
        row.save()
        audit.record("stopped", row, by=by, now=now, subject="All publishing", why=row.stopped_why)
        waking.wake()


def resume_all(by: User, now: datetime) -> None:
    """Let publishing go on; after a restore this makes the database the next publisher's own."""
    with transaction.atomic():
        row = locked()
        if row.publishing:
            return
        why = row.stopped_why
        row.publishing, row.stopped_at, row.stopped_by, row.stopped_why = True, None, None, ""
        if row.restored:
            row.restored, row.epoch, row.host = False, uuid.uuid4(), ""
        row.save()
        bring_back(now)
        audit.record("resumed", row, by=by, now=now, subject="All publishing", was=why)
        waking.wake()


def locked() -> Instance:
    """The one row, made where there is none, held against every intent until this transaction ends."""
    Instance.objects.get_or_create(pk=1)
    return Instance.objects.select_for_update().get(pk=1)
