"""How hot it is under one of our posts: how fast comments come, and from how many people.

A pile-on raises one alert. It settles when for the rule's whole time there were fewer than a share of the comments that
raised it; only then can the same post raise another. Looking again changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts import notifications
from channels_app.models import Channel
from engagement import sorting
from engagement.gathering import rule_now
from engagement.models import AlertRule, Conversation, Heat, Message
from policy.moves import move

CALM = 0.4  # share of the comments that raise an alert, under which it settles
Root = tuple[int, str]  # the channel's row id and the post's remote id


@dataclass
class Count:
    """Comments under one post within the rule's minutes: how many, from whom, and their words."""

    comments: int = 0
    people: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    answered: bool = False  # by us, directly under the post

    def is_hot(self, rule: AlertRule) -> bool:
        return self.comments >= rule.comments and len(self.people) >= rule.people

    def is_calm(self, rule: AlertRule) -> bool:
        return self.comments < rule.comments * CALM


def look(now: datetime) -> list[Heat]:
    """Count, settle what has calmed down, raise what is hot; returns what was raised."""
    rule = rule_now()
    counts = counted(now - timedelta(minutes=rule.within), now)
    known: dict[Root, Heat] = {}
    for heat in Heat.objects.filter(state="hot").select_related("channel__scope"):
        known[heat.channel_id, heat.root_id] = heat
        _renew(heat, counts.get((heat.channel_id, heat.root_id), Count()), rule, now)
    hot = [(root, one) for root, one in sorted(counts.items()) if root not in known and one.is_hot(rule)]
    raised = [_raise(root, one, rule, now) for root, one in hot]
    return [one for one in raised if one is not None]


def counted(since: datetime, now: datetime) -> dict[Root, Count]:
    """What people wrote under each of our posts since then."""
    homes = Conversation.objects.filter(last_at__gte=since).exclude(root_id="")
    rows = Message.objects.filter(conversation__in=homes, gone_at=None, at__gte=since, at__lte=now).exclude(root_id="")
    found: dict[Root, Count] = defaultdict(Count)
    columns = ("channel_id", "root_id", "parent_id", "person_id", "ours", "text")
    for channel, root, parent, person, ours, text in rows.order_by("at", "id").values_list(*columns):
        one = found[channel, root]
        if ours:
            one.answered = one.answered or parent == root
        else:
            one.comments += 1
            one.people.add(person or 0)
            one.texts.append(text)
    return dict(found)


def posture(texts: Iterable[str], answered: bool) -> str:
    """What to do about it: hold back where much of it is abuse, pin the answer that is there, else answer once."""
    kinds: Counter[str] = Counter()
    for text in texts:
        suggested = sorting.suggested(text)
        kinds[suggested.kind if suggested else ""] += 1
    if kinds["abuse"] * 3 >= kinds.total() > 0:
        return "hold"
    return "pin" if answered else "answer_once"


POSTURE_WORDS = {
    "answer_once": "Answer once, at the top, for everybody; then answer single questions only where they are new.",
    "pin": "An answer of ours is there: pin it, and point to it instead of repeating it.",
    "hold": "Hold: do not answer each one. Keep what was said, let it cool, then answer once with the facts.",
}


def hot_under(channel: Channel, roots: Sequence[str]) -> list[Heat]:
    return list(Heat.objects.filter(channel=channel, root_id__in=roots, state="hot"))


def _renew(heat: Heat, one: Count, rule: AlertRule, now: datetime) -> None:
    """The figures of one that is hot; it settles after the rule's whole time of calm."""
    cool = (heat.cool_since or now) if one.is_calm(rule) else None
    figures: dict[str, Any] = {
        "comments": one.comments,
        "people": len(one.people),
        "top_comments": max(heat.top_comments, one.comments),
        "looked_at": now,
        "cool_since": cool,
    }
    if cool and now - cool >= timedelta(minutes=rule.within):
        move(heat, "settled", now=now, settled_at=now, **figures)
        return
    if one.comments:
        figures["posture"] = posture(one.texts, one.answered)
    Heat.objects.filter(pk=heat.pk, state="hot").update(**figures)


def _raise(root: Root, one: Count, rule: AlertRule, now: datetime) -> Heat | None:
    channel = Channel.objects.select_related("scope").get(pk=root[0])
    figures = {"comments": one.comments, "people": len(one.people), "top_comments": one.comments}
    try:
        with transaction.atomic():
            heat = Heat.objects.create(
                channel=channel,
                root_id=root[1],
                posture=posture(one.texts, one.answered),
                since=now,
                looked_at=now,
                **figures,
            )
            _alert(heat, rule, now)
    except IntegrityError:  # somebody else looked at the same moment and raised it
        return None
    return heat


def _alert(heat: Heat, rule: AlertRule, now: datetime) -> None:
    post = Message.objects.filter(channel=heat.channel, remote_id=heat.root_id, kind="post").first()
    about = f"“{post.text[:60]}”" if post else "a post"
    words = (
        f"{heat.comments} comments from {heat.people} people in {rule.within} min under {about}. "
        f"{heat.get_posture_display()}."
    )
    home = Conversation.objects.filter(channel=heat.channel, root_id=heat.root_id).order_by("-last_at").first()
    url = f"/inbox/{home.key}/" if home else "/inbox/"
    for act in ("answer", "manager"):
        notifications.tell_role(act, heat.channel.scope, "issue.heat", words, url, now=now, once=f"heat:{heat.key}")
