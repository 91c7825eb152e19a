"""Is this database the one that published last? A small file outside it knows.

The file holds the epoch, the machine and the highest attempt, and is looked at in each cycle. A database that knows
fewer attempts than the file was restored from a backup; one that meets no file, or the file of another epoch or
machine, is a copy. In both cases nothing goes out: everything that was due becomes a question to the platforms, what
is due later will when it is, and a person resumes. A copy of the whole machine, file and machine id included, cannot be
told from the original.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.notifications import tell_role
from channels_app.models import Attempt, Instance
from channels_app.publishing.asking import WORDS, ask_about_all
from channels_app.publishing.stopping import locked

log = logging.getLogger(__name__)

UNFINISHED = ".instance-"
ABANDONED = 60  # seconds
MACHINE_ID = Path("/etc/machine-id")
RESTORED = WORDS
AWAY = "restored"  # the host of a database that came out of a backup; no machine is called so
COPIED = "This copy is not the live system: it does not match the instance file of this machine."


LOOK = """
SELECT i.*, coalesce((SELECT max(id) FROM channels_app_attempt), 0) AS highest
  FROM channels_app_instance i FOR SHARE OF i
"""


class Known(TypedDict):
    """What the file holds."""

    epoch: str
    host: str
    highest_attempt: int


def host() -> str:
    """This machine, without telling which it is; "any" where the system does not name itself."""
    try:
        name = MACHINE_ID.read_text(encoding="ascii").strip()
    except OSError:
        name = ""
    return hashlib.sha256(f"parley {name}".encode()).hexdigest()[:32] if name else "any"


def check(now: datetime) -> Instance:
    """Compare the file with the database, take publishing off where they do not belong together, and keep the file up.

    Processes that look at once share a lock; the one that takes a database over, or off, holds it alone.
    """
    known = _read()
    with transaction.atomic():
        row = next(iter(Instance.objects.raw(LOOK)), None)
        if row is not None and (row.restored or _keep_up(row, known, row.highest)):  # type: ignore[attr-defined]
            return row
    with transaction.atomic():
        row = locked()
        if not row.restored and not _keep_up(row, _read(), _highest()):
            _take_over_or_off(row, now)
    return row


def _keep_up(row: Instance, known: Known | None, highest: int) -> bool:
    """Bring the file up to date if it belongs to this database.

    The file is read before the attempts are: it can then never be ahead of them in an honest installation.
    """
    if not row.host or _problem(known, row, highest):
        return False
    if known is None or known["highest_attempt"] != highest:
        _write({"epoch": str(row.epoch), "host": row.host, "highest_attempt": highest})
    return True


def _highest() -> int:
    return Attempt.objects.aggregate(highest=Max("id"))["highest"] or 0


def _problem(known: Known | None, row: Instance, highest: int) -> str:
    if row.host == AWAY:
        return RESTORED
    if known is None or known["epoch"] != str(row.epoch) or {known["host"], row.host} != {host()}:
        return COPIED
    return RESTORED if known["highest_attempt"] > highest else ""


def _take_over_or_off(row: Instance, now: datetime) -> None:
    """A database that is nobody's yet, or sent nothing ever, becomes ours; any other one is taken off."""
    known = _read()
    highest = _highest()
    if not row.host or (known is None and not highest and row.host != AWAY):
        row.host = host()
        row.save(update_fields=["host"])
        _write({"epoch": str(row.epoch), "host": row.host, "highest_attempt": highest})
    else:
        _take_off(row, _problem(known, row, highest), now)


def _take_off(row: Instance, why: str, now: datetime) -> None:
    """Publishing off; what was due may be out already, so it is looked for before anything else."""
    row.publishing, row.restored, row.stopped_at, row.stopped_by, row.stopped_why = False, True, now, None, why
    row.save()
    asked = ask_about_all(now)
    audit.record("stopped", row, by=None, now=now, subject="All publishing", why=why, asked=asked)
    words = f"{why} Publishing is off; {asked} posts are being looked for. Check them, then resume."
    tell_role("resume_publishing", None, "publishing.restored", words, "/channels/", now=now)
    log.error("instance mismatch", extra={"why": why, "asked": asked})


def _file() -> Path:
    return Path(settings.PARLEY_INSTANCE_FILE)


def _read() -> Known | None:
    """What the file says; an unreadable one says nothing, which is a mismatch where anything was ever sent."""
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
        return Known(epoch=str(known["epoch"]), host=str(known["host"]), highest_attempt=int(known["highest_attempt"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(known: Known) -> None:
    """Replace the file in one step, so that a crash leaves the old one or the new one."""
    path = _file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_unfinished(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(known, file)
    Path(name).replace(path)


def _clear_unfinished(folder: Path) -> None:
    """A publisher killed while it wrote leaves what it wrote; what is a minute old is nobody's any more."""
    for left in folder.glob(f"{UNFINISHED}*"):
        with contextlib.suppress(FileNotFoundError):  # another publisher clears up too
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()
