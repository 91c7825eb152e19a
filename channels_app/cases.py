"""The case of a channel: why the town is there, who looks after it, and how it would leave.

A channel that is connected is read at once; posts go out when its six answers and its kit are complete and somebody has
opened it. Channels that spoke before there were cases stay open. An emergency does not wait for papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import IllegalMove
from channels_app import kit
from channels_app.models import Channel, Papers
from channels_app.publishing import waking

ANSWERS: Mapping[str, str] = {
    "audience": "Audience evidence",
    "objective": "Objective",
    "owner": "Owner",
    "weekly_hours": "Hours",
    "moderation": "Moderation cover",
    "exit_plan": "Exit plan",
}


@dataclass(frozen=True)
class Standing:
    """A channel's papers, what of the case is missing, and the kit."""

    channel: Channel
    papers: Papers
    missing: list[str]
    kit: list[kit.Ticked]

    @property
    def undone(self) -> list[str]:
        return [one.item.name for one in self.kit if one.look is None]

    @property
    def ready(self) -> bool:
        return not self.missing and not self.undone

    @property
    def words(self) -> str:
        """What stands against opening it."""
        parts = []
        if self.missing:
            parts.append(f"The case lacks: {', '.join(self.missing)}.")
        if self.undone:
            parts.append(f"The kit lacks: {', '.join(self.undone)}.")
        return " ".join(parts) or "The case and the kit are complete."


def of(channel: Channel) -> Papers:
    """The channel's papers; an empty sheet where nobody has written any."""
    found = Papers.objects.filter(channel=channel).select_related("objective", "owner", "changed_by").first()
    return found or Papers(channel=channel)


def missing(papers: Papers) -> list[str]:
    """The answers that are not given; no hours at all is an answer. Pure."""
    return [name for field, name in ANSWERS.items() if _empty(getattr(papers, field))]


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def standing(channel: Channel, town: Town | None = None) -> Standing:
    papers = of(channel)
    return Standing(channel, papers, missing(papers), kit.of(channel, town or Town.here(), papers))


def write(channel: Channel, facts: Mapping[str, Any], *, by: User, now: datetime, act: str = "wrote_case") -> Papers:
    """Keep these answers; what they were before is in the trail."""
    if channel.state == "archived":
        raise IllegalMove("This channel is disconnected; its papers stay as they were.")
    before = of(channel)
    changed = {name: value for name, value in facts.items() if getattr(before, name) != value}
    if not changed:
        return before
    with transaction.atomic():
        Papers.objects.update_or_create(channel=channel, defaults={**changed, "changed_at": now, "changed_by": by})
        was = {name: str(getattr(before, name) or "") for name in changed}
        audit.record(act, channel, by=by, now=now, was=was, became={name: str(v or "") for name, v in changed.items()})
    return of(channel)


def open_channel(channel: Channel, *, by: User, now: datetime) -> None:
    """Let posts go out here from now on. Raises IllegalMove with what is missing."""
    found = standing(channel)
    if not found.ready:
        raise IllegalMove("This channel is not ready.", next_step=found.words)
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk, in_preparation=True).update(in_preparation=False):
            audit.record("opened_channel", channel, by=by, now=now)
            waking.wake()


def as_text(found: Standing) -> str:
    """The case as Markdown, for a meeting or a file."""
    papers, channel = found.papers, found.channel
    hours = f"{papers.weekly_hours} hours a week" if papers.weekly_hours is not None else ""
    answers = {**{field: str(getattr(papers, field) or "") for field in ANSWERS}, "weekly_hours": hours}
    lines = [f"# Case for {channel}", ""]
    if papers.changed_at:
        by = f" by {papers.changed_by}" if papers.changed_by else ""
        lines += [f"Last changed on {papers.changed_at:%-d %B %Y}{by}. {found.words}", ""]
    for field, name in ANSWERS.items():
        lines += [f"## {name}", "", answers[field].strip() or "*Not settled yet.*", ""]
    return "\n".join([*lines, "## Kit", "", *_kit_lines(found.kit), ""])


def _kit_lines(ticked: Iterable[kit.Ticked]) -> list[str]:
    return [
        f"- [x] {one.item.name}: {one.look.note} ({one.look.looked_on:%-d %B %Y}, {one.look.by.name})"
        if one.look
        else f"- [ ] {one.item.name}"
        for one in ticked
    ]
