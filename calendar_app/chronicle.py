"""What happened in an emergency, in order: for those who come on shift, and for whoever asks afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import AuditEntry, User
from calendar_app.models import EmergencyMessage, Rumour
from channels_app import outbox
from channels_app.outbox import StateWords
from policy.models import ModeSpan

TOLD = {
    "switched_on": ("switched emergency mode on", "siren", "alarm"),
    "switched_off": ("switched emergency mode off", "circle-check", "good"),
    "froze": ("froze what was scheduled", "snowflake", "plain"),
    "issued": ("sent a message", "megaphone", "accent"),
    "superseded": ("superseded a message", "replace", "plain"),
    "broke_promise": ("The promised update did not come", "alarm-clock-off", "alarm"),
    "noted_rumour": ("noted a rumour", "ear", "plain"),
    "settled_rumour": ("settled a rumour", "search-check", "good"),
    "thawed": ("decided about a frozen post", "gavel", "plain"),
    "took_alert": ("took an alert from elsewhere", "rss", "plain"),
}


@dataclass(frozen=True)
class Sent:
    """One message with the state of each of its copies."""

    message: EmergencyMessage
    copies: list[tuple[str, str, str, StateWords]]  # platform, channel, language, state

    @property
    def out(self) -> int:
        return sum(state.tone == "good" for *_, state in self.copies)


def sent(span: ModeSpan, only: EmergencyMessage | None = None) -> list[Sent]:
    """Every message of this emergency, the newest first."""
    rows = span.messages.exclude(state__in=["draft", "dropped"]).select_related("by", "replaces")
    rows = rows.filter(pk=only.pk) if only else rows.order_by("-sent_at", "-pk")
    return [
        Sent(
            one,
            [
                (
                    copy.delivery.channel.platform,
                    str(copy.delivery.channel),
                    copy.language,
                    outbox.words_for(copy.delivery, one.sent_at or one.created_at),
                )
                for copy in one.copies.all()
            ],
        )
        for one in rows.prefetch_related("copies__delivery__channel__scope", "copies__delivery__follows")
    ]


def counts(span: ModeSpan) -> dict[str, int]:
    return {
        "frozen": span.frozen.count(),
        "undecided": span.frozen.filter(decided_at=None).count(),
        "messages": span.messages.exclude(state__in=["draft", "dropped"]).count(),
        "rumours": span.rumours.count(),
    }


def of(span: ModeSpan) -> list[dict[str, object]]:
    """The time line, the newest first."""
    keys = [
        str(key) for model in (span.messages, span.rumours, span.frozen) for key in model.values_list("key", flat=True)
    ]
    mine = Q(ref__in=[*keys, str(span.key)], act__in=list(TOLD))
    taken = Q(act="took_alert", at__gte=span.starts_at)
    if span.ends_at:
        taken &= Q(at__lte=span.ends_at)
    rows = AuditEntry.objects.filter(mine | taken).select_related("actor").order_by("-at", "-pk")[:500]
    return [_told(entry) for entry in rows]


def _told(entry: AuditEntry) -> dict[str, object]:
    words, icon, tone = TOLD[entry.act]
    who = f"{entry.actor_words} {words}" if entry.actor_id else words[0].upper() + words[1:]
    data = entry.data
    more = str(data.get("why") or data.get("reason") or "")
    if entry.act == "froze":
        more = f"{len(data.get('items', []))} posts"
    elif entry.act in {"issued", "superseded", "noted_rumour", "settled_rumour", "took_alert"}:
        more = entry.subject
    elif entry.act == "thawed":
        more = f"{data.get('decision')}: {entry.subject}"
    return {"words": who, "more": more, "at": entry.at, "icon": icon, "tone": tone}


@transaction.atomic
def note(span: ModeSpan, rumour: Rumour, *, by: User, now: datetime) -> Rumour:
    rumour.span, rumour.by, rumour.at = span, by, now
    rumour.save()
    audit.record("noted_rumour", rumour, by=by, now=now)
    return rumour


@transaction.atomic
def settle(rumour: Rumour, *, by: User, now: datetime) -> Rumour:
    """Keep the verdict with who found it and when; it may be found again, and both stay in the trail."""
    rumour.settled_at, rumour.settled_by = now, by
    rumour.save()
    audit.record("settled_rumour", rumour, by=by, now=now, verdict=rumour.verdict, found=rumour.found, link=rumour.link)
    return rumour
