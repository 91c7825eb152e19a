"""Input calls, from the draft to the answer: who decides, until when people answer, when they hear what was made of it.

A call is not opened without a decision, somebody who decides, a closing day and a day for "what we heard". It stays
open until every reply was read, every theme has its outcome, and people were told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import IllegalMove, Invalid, LostRace
from channels_app.models import Channel
from engagement import kickstarts
from engagement.models import Grouping, InputCall, Message, Returned, Theme
from policy.moves import move

FACTS = ("question", "decision", "level", "decider", "returns", "opens_on", "closes_on", "heard_on")
NEEDED = {
    "decision": "the decision it feeds",
    "decider": "who decides",
    "closes_on": "the closing day",
    "heard_on": "the day by which people hear what was made of it",
    "returns": "how the results come back",
}


@dataclass(frozen=True)
class Board:
    """The replies of a call by theme. `left` were not read yet, `aside` are no answers; `hidden` counts replies on
    channels this person does not see.
    """

    themes: Sequence[tuple[Theme, Sequence[Message]]]
    left: Sequence[Message]
    aside: Sequence[Message]
    hidden: int


@dataclass(frozen=True)
class Kept:
    """How the calls that closed for answers kept their word."""

    over: int
    told: int
    days: float | None


def draft(facts: Mapping[str, Any], *, by: User, now: datetime) -> InputCall:
    """A new call as a draft."""
    require(by, "note", now)
    one = InputCall.objects.create(**_facts(facts), owner=by, made_at=now)
    audit.record("drafted_call", one, by=by, now=now)
    return one


def amend(call: InputCall, facts: Mapping[str, Any], version: int | None, *, by: User, now: datetime) -> None:
    """Change a draft. Once people were asked, only the day they hear back can be moved, and it is on record."""
    require(by, "note", now)
    with transaction.atomic():
        one = InputCall.objects.select_for_update().get(pk=call.pk)
        if one.version != version:
            raise LostRace("A colleague changed this call meanwhile.", next_step="Load it again, then change it.")
        told = _facts(facts)
        if one.state != "draft" and any(getattr(one, name) != told[name] for name in FACTS if name != "heard_on"):
            raise IllegalMove("People were asked already: only the day they hear back can be moved.")
        if one.state not in {"draft", "open"}:
            raise IllegalMove("This call is closed.")
        if one.state == "open" and (told["heard_on"] is None or told["heard_on"] < one.closes_on):
            raise Invalid("People can be told only once the call is closed for answers.")
        was = {name: str(getattr(one, name)) for name in FACTS if getattr(one, name) != told[name]}
        InputCall.objects.filter(pk=one.pk).update(**told, version=one.version + 1)
        audit.record("amended_call", one, by=by, now=now, was=was, became={name: str(told[name]) for name in was})


def open_up(call: InputCall, *, by: User, now: datetime) -> InputCall:
    """Open it; Invalid names everything that is missing."""
    require(by, "note", now)
    missing = [words for name, words in NEEDED.items() if not getattr(call, name)]
    if missing:
        raise Invalid(
            f"It cannot be opened yet. Missing: {', '.join(missing)}.", next_step="Add it to the draft, then open it."
        )
    assert call.closes_on
    assert call.heard_on
    if call.closes_on < timezone.localdate(now):
        raise Invalid("Its closing day is over already.", next_step="Choose a later day, then open it.")
    if call.heard_on < call.closes_on:
        raise Invalid("“What we heard” cannot come before the closing day.")
    return move(call, "open", now=now, by=by, opened_at=now, opens_on=call.opens_on or timezone.localdate(now))


def drop(call: InputCall, *, by: User, now: datetime) -> None:
    """A draft that is not needed."""
    require(by, "note", now)
    move(call, "dropped", now=now, by=by)


def board(call: InputCall, user: User, now: datetime) -> Board:
    """Every reply of the call by theme, as far as this person may see its channel."""
    seen = set(Channel.objects.visible_to(user, now, "see_inbox").values_list("pk", flat=True))
    every = replies_of(call)
    shown = [row for row in every if row.channel_id in seen]
    homes = dict(call.groupings.values_list("message_id", "theme_id"))
    themes = list(call.themes.all())
    return Board(
        themes=[(theme, [row for row in shown if homes.get(row.pk) == theme.pk]) for theme in themes],
        left=[row for row in shown if row.pk not in homes],
        aside=[row for row in shown if row.pk in homes and homes[row.pk] is None],
        hidden=len(every) - len(shown),
    )


def replies_of(call: InputCall) -> list[Message]:
    """What people answered under its kick-starters until it closed, oldest first."""
    found: list[Message] = []
    end = kickstarts.end_of(call.closes_on) if call.closes_on else None
    for one in call.kickstarters.select_related("channel"):
        last = min(one.closes_at, end) if end else one.closes_at
        rows = kickstarts.replies(one).filter(at__lte=last)
        found += rows.select_related("person", "channel__scope", "conversation")
    return sorted(found, key=lambda row: (row.at, row.pk))


def add_theme(call: InputCall, name: str, *, by: User, now: datetime) -> Theme:
    """A new theme of an open call."""
    _still_open(call, by, now)
    if call.themes.filter(name__iexact=name.strip()).exists():
        raise Invalid("There is a theme of that name already.")
    theme = Theme.objects.create(call=call, name=name.strip())
    audit.record("added_theme", call, by=by, now=now, theme=theme.name)
    return theme


def group(call: InputCall, replies: Sequence[int], to: str, *, by: User, now: datetime) -> int:
    """Put replies under a theme by its key, aside as no answer ("none"), or back to the unread ones (""); how many."""
    _still_open(call, by, now)
    theme = call.themes.filter(key=to).first() if _is_key(to) else None
    if theme is None and to not in {"none", ""}:
        raise Invalid("Choose a theme first.", next_step="Choose where the replies belong.")
    seen = set(Channel.objects.visible_to(by, now, "note").values_list("pk", flat=True))
    rows = [row for row in replies_of(call) if row.pk in set(replies) and row.channel_id in seen]
    if not rows:
        raise Invalid("Choose the replies first.", next_step="Tick one or more, then choose where they belong.")
    with transaction.atomic():
        Grouping.objects.filter(call=call, message__in=rows).delete()
        if to:
            Grouping.objects.bulk_create(Grouping(call=call, message=row, theme=theme, by=by, at=now) for row in rows)
        audit.record("grouped_replies", call, by=by, now=now, theme=theme.name if theme else to, replies=len(rows))
    return len(rows)


def settle(theme: Theme, outcome: str, words: str, *, by: User, now: datetime) -> None:
    """Say what becomes of a theme, and why."""
    _still_open(theme.call, by, now)
    if outcome not in dict(Theme.OUTCOMES) or not words.strip():
        raise Invalid("Choose what becomes of it, and say it in a sentence.")
    was = theme.outcome
    Theme.objects.filter(pk=theme.pk).update(outcome=outcome, words=words.strip(), by=by, at=now)
    audit.record("settled_theme", theme.call, by=by, now=now, theme=theme.name, was=was, became=outcome)


def say_heard(call: InputCall, words: str, url: str, *, by: User, now: datetime) -> None:
    """Note what was published as "what we heard"."""
    _still_open(call, by, now)
    if not call.is_over(timezone.localdate(now)):
        raise IllegalMove("People can still answer.", next_step="Say what we heard after the closing day.")
    InputCall.objects.filter(pk=call.pk).update(
        heard_words=words.strip(), heard_url=url, told_at=call.told_at or now, version=call.version + 1
    )
    audit.record("said_what_we_heard", call, by=by, now=now, url=url)


def close(call: InputCall, reason: str, *, by: User, now: datetime) -> InputCall:
    """Done: everything was read, every theme has its outcome, and people were told. `reason` is asked where somebody
    who answered could not be told personally.
    """
    require(by, "note", now)
    wrong = hindrances(call, now)
    if wrong:
        raise IllegalMove(f"It stays open: {' '.join(wrong)}")
    left = len(owed(call))
    if left and not reason.strip():
        raise Invalid(
            f"{left} of those who answered have no reply yet.", next_step="Send it, or say why they cannot be told."
        )
    return move(call, "closed", now=now, by=by, reason=reason.strip()[:300], closed_at=now)


def hindrances(call: InputCall, now: datetime) -> list[str]:
    """Why the call cannot be closed yet, in sentences."""
    wrong = []
    if not call.is_over(timezone.localdate(now)):
        wrong.append("People can still answer.")
    themes, homes = list(call.themes.all()), set(call.groupings.values_list("message_id", flat=True))
    unread = sum(row.pk not in homes for row in replies_of(call))
    if unread:
        wrong.append(f"{unread} {'reply is' if unread == 1 else 'replies are'} not under a theme yet.")
    without = [theme.name for theme in themes if not theme.outcome]
    if without:
        wrong.append(f"No outcome yet for: {', '.join(without)}.")
    if call.told_at is None:
        wrong.append("“What we heard” is not published yet.")
    answered = call.groupings.filter(theme__isnull=False).exists()
    if answered and not call.returned.filter(reply__state="published").exists():
        wrong.append("No reply with the result is published yet.")
    return wrong


def owed(call: InputCall) -> dict[int, list[Grouping]]:
    """Who answered and has no result yet, by person, with what they said under themes; oldest first."""
    done = set(Returned.objects.filter(call=call).exclude(reply__state="dropped").values_list("person_id", flat=True))
    rows = call.groupings.filter(theme__isnull=False, message__gone_at=None, message__ours=False)
    found: dict[int, list[Grouping]] = {}
    for row in rows.select_related("theme", "message__conversation__channel__scope").order_by("message__at", "pk"):
        person = row.message.person_id
        if person is not None and person not in done:
            found.setdefault(person, []).append(row)
    return found


def overdue(today: date) -> list[InputCall]:
    """The calls whose day for "what we heard" has passed without it."""
    return list(InputCall.objects.filter(state="open", told_at=None, heard_on__lt=today).order_by("heard_on"))


def kept(today: date) -> Kept:
    """Of the calls closed for answers, how many were told what was heard, and the median days until then."""
    rows = list(InputCall.objects.filter(state__in=["open", "closed"], closes_on__lt=today))
    tz = Town.here().tz
    days = [(row.told_at.astimezone(tz).date() - row.closes_on).days for row in rows if row.told_at and row.closes_on]
    return Kept(len(rows), len(days), median(days) if days else None)


def table(call: InputCall, user: User, now: datetime) -> list[list[object]]:
    """Every reply this person may see, with its theme and outcome, for a spreadsheet; without names of accounts."""
    found, tz = board(call, user, now), Town.here().tz
    rows = [(row, theme.name, theme.get_outcome_display(), theme.words) for theme, said in found.themes for row in said]
    rows += [(row, "Not under a theme yet", "", "") for row in found.left]
    rows += [(row, "No answer", "", "") for row in found.aside]
    rows.sort(key=lambda one: (one[0].at, one[0].pk))
    return [[f"{row.at.astimezone(tz):%Y-%m-%d %H:%M}", row.text, *rest] for row, *rest in rows]


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as they are kept; what is not said yet is empty."""
    days = {name: facts.get(name) for name in FACTS if name.endswith("_on")}
    return {name: str(facts.get(name) or "").strip() for name in FACTS if name not in days} | days


def _still_open(call: InputCall, by: User, now: datetime) -> None:
    require(by, "note", now)
    if call.state != "open":
        raise IllegalMove("This call is not open.")


def _is_key(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True
