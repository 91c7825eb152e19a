"""The incident log: what went wrong in words of our own, what was done about it, and what is learned.

What was logged stays. An entry that was wrong is corrected, and the audit trail keeps what it said before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from policy import guides
from policy.models import GUIDES, Incident

FACTS = ("kind", "words", "place", "link", "noticed_at", "clause")
ENDING = ("done", "lesson")
NAMES = ("Noticed", "Kind", "What happened", "Where", "Link", "Clause", "Done", "Lesson",
         "Logged by", "Logged", "Settled by", "Settled")  # fmt: skip
IN_THE_DESK = re.compile(r"/(?![/\\])[^\s\\]*")
ADDRESS = URLValidator(schemes=["https"])


@transaction.atomic
def log(facts: Mapping[str, Any], *, by: User, now: datetime) -> Incident:
    """A new entry, open until it is settled. `facts` holds what FACTS names."""
    require(by, "log_incident", now)
    one = Incident.objects.create(**_checked(facts, FACTS, now), logged_by=by, logged_at=now)
    audit.record("logged_incident", one, by=by, now=now, became=_told(one, FACTS))
    return one


@transaction.atomic
def settle(incident: Incident, done: str, lesson: str, *, by: User, now: datetime) -> None:
    """It is closed: what was done about it and what is learned are there."""
    require(by, "log_incident", now)
    ending = _checked({"done": done, "lesson": lesson}, ENDING, now)
    one = Incident.objects.select_for_update().get(pk=incident.pk)
    if one.settled_at is not None:
        raise LostRace("A colleague settled this incident already.", next_step="Load the page again and read theirs.")
    Incident.objects.filter(pk=one.pk).update(**ending, settled_by=by, settled_at=now, version=one.version + 1)
    audit.record("settled_incident", one, by=by, now=now, became=ending)


@transaction.atomic
def amend(incident: Incident, facts: Mapping[str, Any], version: int, *, by: User, now: datetime) -> bool:
    """Correct an entry; False where nothing changes. `version` is the one the person saw.

    Of an incident that is settled, `facts` holds what ENDING names as well.
    """
    require(by, "log_incident", now)
    one = Incident.objects.select_for_update().get(pk=incident.pk)
    if one.version != version:
        raise LostRace("A colleague changed this entry meanwhile.", next_step="Load it again, then correct it.")
    names = FACTS if one.settled_at is None else FACTS + ENDING
    was, wanted = _told(one, names), _checked(facts, names, now)
    for name, value in wanted.items():
        setattr(one, name, value)
    became = _told(one, names)
    changed = [name for name in names if was[name] != became[name]]
    if not changed:
        return False
    Incident.objects.filter(pk=one.pk).update(**wanted, version=version + 1)
    before, after = ({name: said[name] for name in changed} for said in (was, became))
    audit.record("corrected_incident", one, by=by, now=now, was=before, became=after)
    return True


def clause_of(incident: Incident) -> guides.ClauseRef | None:
    """The clause the entry names by anchor or by the id of a rule; None where it names none that is there."""
    named = incident.clause.removeprefix("#")
    if not named:
        return None
    for guide, _ in GUIDES:
        clause = guides.find(guide, named)
        if clause:
            return guides.ref(guide, clause)
    return guides.clauses_by_rule().get(named)


def table() -> list[list[object]]:
    """Every entry for a spreadsheet, in the order of the page; times are the town's."""
    rows = Incident.objects.open_first().select_related("logged_by", "settled_by")
    return [
        [_clock(one.noticed_at), one.get_kind_display(), one.words, one.place, one.link, one.clause, one.done,
         one.lesson, one.logged_by.name, _clock(one.logged_at), one.settled_by.name if one.settled_by else "",
         _clock(one.settled_at)]
        for one in rows
    ]  # fmt: skip


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _told(incident: Incident, names: tuple[str, ...]) -> dict[str, str]:
    """The columns as the audit trail keeps them."""
    told = {name: getattr(incident, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else str(value) for name, value in told.items()}


MISSING = {
    "words": "Say what happened, in a sentence or two.",
    "place": "Say where it happened, such as a channel's name.",
    "done": "Say what was done about it.",
    "lesson": "Say what is learned from it: an incident is open until then.",
}


def _checked(facts: Mapping[str, Any], names: tuple[str, ...], now: datetime) -> dict[str, Any]:
    """The columns as they are kept; Invalid says what of them cannot be."""
    kept: dict[str, Any] = {name: one.strip() if isinstance(one := facts[name], str) else one for name in names}
    for name, words in MISSING.items():
        if name in kept and not kept[name]:
            raise Invalid(words)
    if "kind" in kept and kept["kind"] not in dict(Incident.KINDS):
        raise Invalid("Choose what kind of incident it was.")
    if kept.get("noticed_at") and kept["noticed_at"] > now:
        raise Invalid("It cannot have been noticed later than now.", next_step="Look at the day and time again.")
    if kept.get("link"):
        check_link(kept["link"])
    return kept


def check_link(link: str) -> None:
    """Raise Invalid unless it is an https address or a path of the desk, such as /inbox/."""
    if IN_THE_DESK.fullmatch(link):
        return
    try:
        ADDRESS(link)
    except ValidationError:
        raise Invalid(
            "The link is neither a https:// address nor a path of this desk.",
            next_step="Copy it from the browser's address line, or leave it empty.",
        ) from None
