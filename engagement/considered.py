"""The two considered answers: "we'll fix it" and "sorry, we can't, because". A form asks for what such an answer must
say, makes words of it, and puts them into the reply box, where a person still edits them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import Town, User
from accounts.refusals import Invalid
from engagement import picking, wording
from engagement.models import Considered, Conversation, Reply

Opened = Callable[[Reply, Considered], None]

_opened: list[Opened] = []
REASONS = dict(Considered.REASONS)
STILL_THERE = 0.4  # of the longer words of the reason: below that the answer does not give it any more


@dataclass(frozen=True)
class Fix:
    """What will be done, who looks after it, by when; told to everybody or kept inside the desk."""

    what: str
    owner: User
    due_on: date
    reference: str = ""
    public: bool = True
    sorry: str = ""


@dataclass(frozen=True)
class No:
    """Why it cannot be: the code is counted, the reason is said; what else there is, and where to go next."""

    code: str
    reason: str
    sorry: str = ""
    source: str = ""
    alternative: str = ""
    next_step: str = ""


def words_of_fix(fix: Fix, day: date) -> str:
    """The words of a promise, the day in full unless it is near."""
    by = f"by {_day(fix.due_on, day)}" if fix.due_on != day else "today"
    number = f" The reference is {fix.reference}." if fix.reference else ""
    what = fix.what.strip().rstrip(".")
    return f"{_opening(fix.sorry)}We will {_small(what)} {by}, and write here when it is done.{number}".strip()


def words_of_no(no: No) -> str:
    """Acknowledgement, reason, source, what is possible instead, and where to go next."""
    if not no.reason.strip():
        raise Invalid("Say why in plain words: an answer like this is not sent without its reason.")
    parts = [f"{_opening(no.sorry)}Sorry, we can't do that, because {_small(_bare(no.reason))}."]
    if no.source:
        parts.append(f"It is set out here: {no.source}")
    if no.alternative.strip():
        parts.append(f"What we can do: {_small(_bare(no.alternative))}.")
    if no.next_step.strip():
        parts.append(f"{no.next_step.strip().rstrip('.')}.")
    return " ".join(parts)


def _opening(sorry: str) -> str:
    return f"{sorry.strip().rstrip('.')}. " if sorry.strip() else ""


def _bare(words: str) -> str:
    return words.strip().rstrip(".").removeprefix("because ").removeprefix("Because ")


def _small(words: str) -> str:
    """The first letter small where it begins an ordinary word: "Mend it" but not "A12 closes" or "I"."""
    first = words.split(" ", 1)[0]
    return words[:1].lower() + words[1:] if len(first) > 1 and first[1:].islower() else words


def _day(due: date, day: date) -> str:
    near = due - day <= timedelta(days=6)
    return f"{due:%A}" if near else f"{due.day} {due:%B}" + (f" {due.year}" if due.year != day.year else "")


def compose(conversation: Conversation, told: Fix | No, text: str, *, by: User, now: datetime) -> Reply:
    """Put the words into the person's draft after what they have typed, and keep what the form asked for."""
    day = now.astimezone(Town.here().tz).date()
    if isinstance(told, Fix) and told.due_on < day:
        raise Invalid("The day it will be done by has passed.", next_step="Choose one that is still to come.")
    words = words_of_fix(told, day) if isinstance(told, Fix) else words_of_no(told)
    facts = {name: value for name, value in asdict_flat(told).items() if name != "sorry"}
    with transaction.atomic():
        draft = wording.save(conversation, picking.joined(text, words), by=by, now=now)
        if draft is None or draft.state != "draft":
            raise Invalid("This answer was sent meanwhile.", next_step="Load the page again.")
        Considered.objects.filter(reply=draft).delete()
        kind = "fix" if isinstance(told, Fix) else "no"
        Considered.objects.create(reply=draft, kind=kind, by=by, at=now, **facts)
    return draft


def asdict_flat(told: Fix | No) -> dict[str, object]:
    """The fields of a form as the columns they are kept in; people stay people."""
    if isinstance(told, Fix):
        return {name: getattr(told, name) for name in told.__dataclass_fields__}
    return asdict(told)


def of(reply: Reply | None) -> Considered | None:
    """What a guided form asked for in this reply."""
    return Considered.objects.filter(reply=reply).select_related("owner").first() if reply is not None else None


def days_of(reply: Reply | None) -> frozenset[date]:
    """The day that a guided form wrote down for this reply: who looks after it is known, so it may be named."""
    if reply is None or reply.pk is None:
        return frozenset()
    due = Considered.objects.filter(reply=reply, kind="fix").values_list("due_on", flat=True)
    return frozenset(day for day in due if day is not None)


def drop(reply: Reply) -> None:
    """The words go on as an ordinary answer."""
    Considered.objects.filter(reply=reply).delete()


def stop(reply: Reply) -> None:
    """Raise Invalid where "sorry, we can't" is to be sent and its reason was taken out of the words."""
    held = of(reply)
    if held is None or held.kind != "no" or gives(reply.text, held.reason):
        return
    raise Invalid(
        "Your answer says no and does not say why any more.",
        next_step="Put the reason back in plain words, or drop the form beside the box if it is another answer now.",
    )


def gives(text: str, reason: str) -> bool:
    """Whether the words still give the reason, however it was reworded: enough of its longer words are there."""
    wanted = set(re.findall(r"\w{4,}", reason.lower()))
    if not wanted:
        return reason.strip().lower() in text.lower()
    there = set(re.findall(r"\w{4,}", text.lower()))
    return len(wanted & there) >= STILL_THERE * len(wanted)


def settle(reply: Reply, now: datetime) -> None:
    """The answer is out: a promise it makes begins. Once, however often the end of its delivery comes round."""
    held = of(reply)
    if held is None or held.kind != "fix" or held.opened_at is not None:
        return
    if Considered.objects.filter(pk=held.pk, opened_at=None).update(opened_at=now):
        held.opened_at = now
        opened(reply, held)


def when_opened(do: Opened) -> None:
    """What takes it up when a resident was told that it will be done; what, who, by when are in the row given."""
    _opened.append(do)


def opened(reply: Reply, details: Considered) -> None:
    for do in _opened:
        do(reply, details)


def counted(replies: QuerySet[Reply], since: datetime) -> list[tuple[str, str, int]]:
    """How often each reason was given to a resident since then: its code, its words, the number; the most first."""
    rows = Considered.objects.filter(kind="no", reply__in=replies, reply__state="published", at__gte=since)
    found = dict(rows.order_by().values_list("code").annotate(n=Count("pk")))
    return sorted(((code, words, found.get(code, 0)) for code, words in REASONS.items()), key=lambda one: -one[2])


def noes(replies: QuerySet[Reply], since: datetime) -> QuerySet[Considered]:
    """The answers behind those numbers, the newest first."""
    rows = Considered.objects.filter(kind="no", reply__in=replies, reply__state="published", at__gte=since)
    return rows.select_related("reply__conversation__channel", "by").order_by("-at")
