"""Reading a sample: messages drawn by lot, read by people, some by two who do not see each other's reading.

Who is drawn is settled by a seed that is kept, so that anybody can draw the same again. Private messages are never
drawn. No machine reads anything here: a message nobody has read says nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import Invalid
from channels_app.models import Channel
from engagement.models import Message
from engagement.threads import PRIVATE
from metrics.figures import many
from metrics.models import Coding, Drawn, Sample
from policy.moves import move

DRAW, CODE = "draw_sample", "code_sample"
FEWEST, MOST = 10, 400
SHARES = (20, 10, 30, 100, 0)  # in a hundred, read by a second person
LONGEST = timedelta(days=366)


def lot(pks: Iterable[int], size: int, seed: str) -> list[int]:
    """So many of them, in an order that nothing but the seed decides. Pure."""
    return sorted(pks, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())[:size]


def among(first: date, last: date) -> QuerySet[Message]:
    """What can be drawn: public words of residents from these days, both included, that are still there."""
    zone = Town.here().tz
    start, end = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    rows = Message.objects.filter(ours=False, conversation__isnull=False, at__gte=start, at__lt=end, gone_at=None)
    return rows.exclude(visibility__in=PRIVATE).exclude(text="").exclude(conversation__outcome="spam")


def draw(first: date, last: date, size: int, share: int, *, by: User, now: datetime) -> Sample:
    """Draw a sample of the days from `first` to `last`; `share` in a hundred of it is read twice. Raises Invalid."""
    require(by, DRAW, now)
    if not first <= last <= first + LONGEST:
        raise Invalid("The last day comes after the first, within a year.")
    if last >= now.astimezone(Town.here().tz).date():
        raise Invalid("The last day is not over yet.", next_step="What comes in later could not be drawn.")
    if not FEWEST <= size <= MOST or share not in SHARES:
        raise Invalid(f"Draw between {FEWEST} and {MOST} messages.")
    pks = list(among(first, last).values_list("pk", flat=True))
    if len(pks) < FEWEST:
        raise Invalid(
            f"These days have {many(len(pks), 'public message', 'public messages')}. Fewer than {FEWEST} say nothing.",
            next_step="Choose more days.",
        )
    seed = secrets.token_hex(8)
    chosen = lot(pks, size, seed)
    twice = -(-len(chosen) * share // 100)
    with transaction.atomic():
        facts: dict[str, Any] = {"whole": len(pks), "size": len(chosen), "twice": twice, "seed": seed}
        one = Sample.objects.create(first=first, last=last, **facts, by=by, at=now)
        Drawn.objects.bulk_create(
            Drawn(sample=one, message_id=pk, place=place, twice=place <= twice) for place, pk in enumerate(chosen, 1)
        )
        audit.record("drew_sample", one, by=by, now=now, **facts)
    return one


# --- reading ---------------------------------------------------------------------------------------------------------


def waiting_for(sample: Sample, user: User, now: datetime) -> QuerySet[Drawn]:
    """What this person can still read: on channels they see, not read by them, and not yet read often enough. What
    nobody has read comes first.
    """
    seen = Channel.objects.visible_to(user, now, CODE)
    own = Exists(Coding.objects.filter(drawn=OuterRef("pk"), by=user))
    rows = sample.drawn.filter(message__channel__in=seen).exclude(own).annotate(read=Count("codings"))
    rows = rows.filter(Q(read=0) | Q(read=1, twice=True)).select_related("sample", "message__channel__scope")
    return rows.order_by("read", "place")


def code(drawn: Drawn, tone: str, *, by: User, now: datetime) -> Coding | None:
    """Say how one reads a message. None where others were quicker and nobody else needs to read it."""
    require(by, CODE, now, drawn.message.channel.scope)
    if drawn.sample.state != "open":
        raise Invalid("This sample is not read any longer.")
    if tone not in dict(Coding.TONES):
        raise Invalid("Choose how you read it.")
    if drawn.codings.filter(by=by).exists():
        raise Invalid("You have read this one already.", next_step="Take your last reading back to change it.")
    there = set(drawn.codings.values_list("turn", flat=True))
    turn = next((n for n in ((1, 2) if drawn.twice else (1,)) if n not in there), None)
    if turn is None:
        return None
    try:
        with transaction.atomic():
            return Coding.objects.create(drawn=drawn, turn=turn, tone=tone, by=by, at=now)
    except IntegrityError:
        return None


def take_back(sample: Sample, *, by: User, now: datetime) -> Drawn:
    """Take one's newest reading back, to read that message again."""
    require(by, CODE, now)
    if sample.state != "open":
        raise Invalid("This sample is counted; its readings stay.")
    newest = Coding.objects.filter(drawn__sample=sample, by=by).order_by("-at", "-pk").select_related("drawn").first()
    if newest is None:
        raise Invalid("You have read nothing in this sample yet.")
    newest.delete()
    return newest.drawn


@dataclass(frozen=True)
class Standing:
    """How far a sample is: messages read, and of those to be read twice how many are."""

    sample: Sample
    read: int
    again: int

    @property
    def whole(self) -> bool:
        return self.read == self.sample.size and self.again == self.sample.twice

    @property
    def words(self) -> str:
        told = f"{self.read} of {self.sample.size} read"
        return f"{told}, {self.again} of {self.sample.twice} by a second person" if self.sample.twice else told


def standing(sample: Sample) -> Standing:
    turns = Coding.objects.filter(drawn__sample=sample).values("turn").annotate(n=Count("pk"))
    found = {row["turn"]: row["n"] for row in turns}
    return Standing(sample, found.get(1, 0), found.get(2, 0))


def finish(sample: Sample, *, by: User, now: datetime) -> Sample:
    """Count it from now on. Nobody stops halfway, when the number looks well."""
    require(by, DRAW, now)
    at = standing(sample)
    if not at.whole:
        raise Invalid(f"Not everything is read: {at.words}.", next_step="A part of the lot is no longer a lot.")
    return move(sample, "done", now=now, by=by, ended_at=now)


def drop(sample: Sample, why: str, *, by: User, now: datetime) -> Sample:
    """Give it up; it stays listed with the reason, and never counts."""
    require(by, DRAW, now)
    if not why.strip():
        raise Invalid("Say in a sentence why it is dropped.")
    return move(sample, "dropped", now=now, by=by, reason=why.strip()[:300], ended_at=now)


def differing(sample: Sample) -> QuerySet[Drawn]:
    """What two people read differently."""
    rows = sample.drawn.filter(codings__turn=1).annotate(one=F("codings__tone"))
    other = Coding.objects.filter(drawn=OuterRef("pk"), turn=2).exclude(tone=OuterRef("one"))
    return rows.filter(Exists(other)).select_related("message__channel").prefetch_related("codings")
