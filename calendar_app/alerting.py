"""Emergency messages: written in five parts, measured on every channel, sent to all at once, superseding the last.

They skip sign-off, because whoever may send them was chosen beforehand; and pacing, because they cannot wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.models import Town, User
from accounts.notifications import tell_role
from accounts.refusals import Invalid, LostRace
from accounts.walltime import to_wall
from calendar_app import emergency, wording
from calendar_app.models import EmergencyCopy, EmergencyMessage
from channels_app import outbox, plainly
from channels_app.models import Channel, Delivery
from channels_app.outbox import EMERGENCY, Block
from channels_app.platforms.base import Measured
from policy import approvals, hazards, issuers, modes, records
from policy.hazards import PARTS, Parts
from policy.models import EmergencyPlan, ModeSpan
from policy.moves import move

ORIGIN = "emergency"
COLUMNS = (*PARTS, "not_for")


@dataclass(frozen=True)
class Draft:
    """A message as it is being written. `other` holds the parts in the second language, by name."""

    hazard: str
    kind: str
    parts: Mapping[str, str]
    language: str = "en"
    second_language: str = ""
    other: Mapping[str, str] | None = None
    more_url: str = ""
    minutes: int = 60
    one_language_why: str = ""
    fallback_why: str = ""
    area: Mapping[str, list[str]] | None = None
    replaces: EmergencyMessage | None = None
    marks: tuple[str, str, str] | None = None  # urgency, severity, certainty
    key: UUID | None = None  # of the form it came from: pressing the button twice sends it once

    def languages(self) -> list[str]:
        """In which it goes out: the second one as soon as anything is written in it."""
        second = self.second_language if self.other and any(self.other.values()) else ""
        return [self.language, *([second] if second else [])]


@dataclass(frozen=True)
class Shown:
    """One copy as its channel shows it; `short`: the parts one can do without were left out so that it fits."""

    channel: Channel
    language: str
    text: str
    measured: Measured
    short: bool

    @property
    def fits(self) -> bool:
        return self.measured.used <= self.measured.limit

    @property
    def state(self) -> str:
        return wording.counted_state(self.measured)


def channels_for(user: User, span: ModeSpan, now: datetime) -> list[Channel]:
    """Where this person's message goes: every connected channel of theirs that takes words alone, in an exercise the
    practice ones only.
    """
    rows, places = Channel.objects.filter(state="ok").speaking().select_related("scope"), issuers.places(user, now)
    if places is not None:
        rows = rows.filter(scope__in=places)
    found = rows.filter(practice=True) if span.exercise else rows
    return [channel for channel in found if plainly.takes_words_alone(channel)]


def left_out(user: User, span: ModeSpan, now: datetime) -> list[str]:
    """The channels a message of this person does not reach, each with why, so that somebody sees to them."""
    places, found = issuers.places(user, now), []
    for channel in Channel.objects.living().speaking().select_related("scope").order_by("name", "pk"):
        if span.exercise and not channel.practice:
            continue
        if places is not None and channel.scope_id not in places:
            found.append(f"{wording.place(channel)}: not yours to speak on")
        elif channel.state != "ok":
            found.append(f"{wording.place(channel)}: {channel.get_state_display().lower()}")
        elif not plainly.takes_words_alone(channel):
            found.append(f"{wording.place(channel)}: nothing goes out there without a picture or a video")
    return found


def parts_of(draft: Draft, tag: str, span: ModeSpan, town: Town, now: datetime) -> Parts:
    """The parts in one language, with what Parley adds: the promise of the next word, and what this one replaces."""
    given = draft.parts if tag == draft.language else (draft.other or {})
    was = draft.replaces.sent_at if draft.replaces else None
    over = draft.kind == "cancel"
    next_at = None if over else emergency.next_time(draft.minutes, now)
    return Parts(
        title=hazards.language(tag).template(draft.hazard)["title"],
        **{name: given.get(name, "").strip() for name in COLUMNS},
        more_url=draft.more_url,
        number="" if over else EmergencyPlan.here().number,
        next_update=f"{to_wall(next_at, town.zone):%H:%M}" if next_at else "",
        replaces=f"{to_wall(was, town.zone):%H:%M}" if was else "",
        exercise=span.exercise,
    )


def previews(draft: Draft, channels: list[Channel], span: ModeSpan, town: Town, now: datetime) -> list[Shown]:
    """Every copy, in the longest form its channel takes."""
    said = {tag: parts_of(draft, tag, span, town, now) for tag in draft.languages()}
    return [_fitting(channel, tag, parts) for channel in channels for tag, parts in said.items()]


def _fitting(channel: Channel, tag: str, parts: Parts) -> Shown:
    for form in hazards.FORMS:
        text = hazards.compose(parts, tag, form)
        shown = Shown(channel, tag, text, wording.measured(wording.Said(channel, text, language=tag)), form == "short")
        if shown.fits:
            return shown
    return shown


def problems(
    draft: Draft, shown: list[Shown], user: User, span: ModeSpan, now: datetime, parity: str = ""
) -> list[str]:
    """What stands against sending it, in sentences; empty when all is well."""
    found = []
    town = Town.here()
    for tag in draft.languages():
        missing = parts_of(draft, tag, span, town, now).missing()
        if missing:
            found.append(f"In {hazards.language(tag).name} it does not say {', '.join(missing)}.")
    if not shown:
        found.append("There is no connected channel to send it to.")
    for one in shown:
        if not one.fits:
            over = one.measured.used - one.measured.limit
            found.append(f"{wording.place(one.channel)}: even the short form is {over} characters too long.")
    if parity and len(draft.languages()) == 1 and not draft.one_language_why.strip():
        found.append(f"{parity} Write it in both, or say why one language goes first.")
    if issuers.is_fallback(user, now) and not draft.fallback_why.strip():
        found.append(f"You are a fallback: say that you could not reach {issuers.names(now)}.")
    return found


@transaction.atomic
def send(draft: Draft, span: ModeSpan, *, by: User, now: datetime, parity: str = "") -> EmergencyMessage:
    """One message to all channels at once. Raises Invalid with everything that stands against it; then none goes."""
    issuers.require_issuer(by, now)
    ModeSpan.objects.select_for_update(no_key=True).filter(pk=span.pk).first()
    there = EmergencyMessage.objects.filter(key=draft.key).first() if draft.key else None
    if there is not None:
        return there
    if not ModeSpan.objects.running(now).filter(pk=span.pk).exists():
        raise LostRace("Emergency mode is off.", next_step="Switch it on again, then send the message.")
    town = Town.here()
    shown = previews(draft, channels_for(by, span, now), span, town, now)
    found = problems(draft, shown, by, span, now, parity)
    if found:
        raise Invalid(" ".join(found), next_step="Nothing was sent.")
    message = _write(draft, span, by, now)
    if draft.kind == "cancel":
        ModeSpan.objects.filter(pk=span.pk).update(next_update_at=None)
    else:
        next_at = emergency.promise(span, draft.minutes, now=now)
        EmergencyMessage.objects.filter(pk=message.pk).update(next_update_at=next_at)
    for one in shown:
        _release(message, one, by, now)
    _supersede(message, by, now)
    texts = {f"{one.channel.key}:{one.language}": one.text for one in shown}
    records.keep("emergency", str(message.key), str(message), {"texts": texts, "reason": span.reason}, now, now)
    audit.record("issued", message, by=by, now=now, channels=len({one.channel.pk for one in shown}), kind=draft.kind)
    return message


def _write(draft: Draft, span: ModeSpan, by: User, now: datetime) -> EmergencyMessage:
    urgency, severity, certainty = draft.marks or hazards.MARKS[draft.hazard][2:]
    languages = draft.languages()
    return EmergencyMessage.objects.create(
        key=draft.key or uuid4(),
        span=span,
        state="sent",
        kind=draft.kind,
        exercise=span.exercise,
        hazard=draft.hazard,
        **{name: draft.parts.get(name, "").strip() for name in COLUMNS},
        more_url=draft.more_url,
        language=draft.language,
        second_language=languages[1] if len(languages) > 1 else "",
        other=dict(draft.other or {}) if len(languages) > 1 else {},
        one_language_why=draft.one_language_why.strip(),
        fallback_why=draft.fallback_why.strip(),
        urgency=urgency,
        severity=severity,
        certainty=certainty,
        area=dict(draft.area or {}),
        replaces=draft.replaces,
        by=by,
        created_at=now,
        sent_at=now,
    )


def _release(message: EmergencyMessage, one: Shown, by: User, now: datetime) -> None:
    payload = wording.payload(wording.Said(one.channel, one.text, language=one.language))
    content = approvals.content_hash(payload, one.channel.key)
    delivery = outbox.create(
        channel=one.channel,
        kind="post",
        origin=ORIGIN,
        payload=payload,
        approval=approvals.free(content, ORIGIN, asked_by=by, now=now),
        asked_by=by,
        due_at=now,
        now=now,
        priority=EMERGENCY,
    )
    EmergencyCopy.objects.create(message=message, delivery=delivery, language=one.language)


def _supersede(message: EmergencyMessage, by: User, now: datetime) -> None:
    """Every earlier message of the same line gives way, and copies of it that still wait are called off."""
    earlier = message.replaces
    while earlier is not None:
        if earlier.state == "sent":
            move(earlier, "superseded", now=now, by=by)
            waiting = Delivery.objects.filter(
                emergency_copy__message=earlier, state__in=["scheduled", "blocked", "missed"]
            )
            for delivery in waiting.filter(intent_at=None):
                outbox.cancel(delivery, by, now, delivery.version)
        earlier = earlier.replaces


def recheck(delivery: Delivery, now: datetime) -> Block | None:
    """Asked at the last moment: an exercise stays in practice, its sender still issues, and nothing newer stands."""
    copy = EmergencyCopy.objects.filter(delivery=delivery).select_related("message__by").first()
    if copy is None:
        return Block("unknown_copy", "It belongs to no emergency message.")
    message, channel = copy.message, delivery.channel
    if (message.exercise or settings.PRACTICE) and not channel.practice:
        return Block("exercise", "This is an exercise, and the channel is a real one.")
    if message.state != "sent":
        return Block("superseded", "A newer message has taken its place.")
    if message.by is not None and not issuers.reaches(message.by, channel.scope, now):
        return Block("rights", f"{message.by.name} sent it and no longer issues emergency messages.")
    return None


def after(delivery: Delivery, now: datetime) -> None:
    """Where one language is out and the other is not, whoever issues is told within the minute."""
    if delivery.state not in {"failed", "blocked", "missed", "needs_attention"}:
        return
    copy = EmergencyCopy.objects.filter(delivery=delivery).select_related("message").first()
    if copy is None or copy.message.state != "sent":
        return
    words = f"The emergency message did not reach {delivery.channel}: {delivery.why_words or 'see its page.'}"
    if copy.message.second_language:
        words = f"In {hazards.language(copy.language).name}: {words}"
    once = f"emergency:{delivery.key}:{delivery.state}"
    tell_role(issuers.ACT, delivery.channel.scope, "emergency.failed", words, page(delivery), now=now, once=once)


def page(delivery: Delivery) -> str:
    key = EmergencyCopy.objects.filter(delivery=delivery).values_list("message__key", flat=True).first()
    return reverse("emergency:message", args=[key]) if key else reverse("emergency:now")


def current_span(now: datetime) -> ModeSpan:
    """The emergency that is on; Invalid when none is."""
    span = modes.emergency(now)
    if span is None:
        raise Invalid("Emergency mode is not on.", next_step="Switch it on first; that takes one click and a reason.")
    return span
