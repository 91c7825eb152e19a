"""The page of promises: what the address asks for, its rows, and the table for spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from engagement import departments, promises_kept
from engagement.models import Promise

WEEKS = 12
TABS = {"open": "Open", "overdue": "Overdue", "kept": "Kept", "broken": "Broken", "withdrawn": "Withdrawn"}
NAMES = ("What", "Owner", "Channel", "Public", "Made", "First promised for", "Promised for", "Days given anew",
         "State", "Ended", "Outcome", "Reason", "Reporters", "Told", "Given")  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What of the promises is to be shown. `outcome` (a key of OUTCOMES, or "due") comes from a number that was
    followed and takes the place of the tab; `week` is a Monday; `department` is a row id, or "none".
    """

    tab: str = "open"
    outcome: str = ""
    week: date | None = None
    owner: str = ""
    channel: str = ""
    public: str = ""
    department: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wish:
        outcome, tab = asked.get("outcome", ""), asked.get("tab", "")
        return cls(
            tab=tab if tab in TABS else "open",
            outcome=outcome if outcome in promises_kept.OUTCOMES or outcome == "due" else "",
            week=_monday(asked.get("week", "")),
            owner=key_of(asked.get("owner", "")),
            channel=key_of(asked.get("channel", "")),
            public=asked.get("public", "") if asked.get("public") in ("yes", "no") else "",
            department=departments.asked_for(asked.get("department", "")),
        )

    def query(self, **changes: object) -> str:
        one = replace(self, **changes)  # type: ignore[arg-type]
        parts = {
            "tab": "" if one.outcome else one.tab,
            "outcome": one.outcome,
            "week": one.week.isoformat() if one.week else "",
            "owner": one.owner,
            "channel": one.channel,
            "public": one.public,
            "department": one.department,
        }
        return urlencode({name: value for name, value in parts.items() if value})


def filtered(wish: Wish, user: User, now: datetime) -> QuerySet[Promise]:
    """The promises this person sees, with every filter but the tab's, the outcome's and the week's."""
    rows: QuerySet[Promise] = Promise.objects.visible_to(user, now)
    if wish.owner:
        rows = rows.filter(owner__key=wish.owner)
    if wish.channel:
        rows = rows.filter(conversation__channel__key=wish.channel)
    rows = departments.of_service(rows, wish.department, now)
    return rows.filter(public=wish.public == "yes") if wish.public else rows


def rows(wish: Wish, user: User, now: datetime, today: date) -> QuerySet[Promise]:
    """What the page lists, with all it shows of each."""
    found = filtered(wish, user, now)
    if wish.week:
        found = found.filter(first_due_on__range=(wish.week, wish.week + timedelta(days=6)))
    elif wish.department and wish.outcome:  # a number of the table by department, which is of these weeks
        found = found.filter(promises_kept.within(today, WEEKS))
    if wish.outcome:
        found = found.given().filter(promises_kept.fallen_due(today))  # type: ignore[attr-defined]
        found = found if wish.outcome == "due" else found.filter(promises_kept.conditions(today)[wish.outcome])
    else:
        found = found.filter(_of_tab(wish.tab, today))
    newest = wish.tab in ("kept", "broken", "withdrawn") or wish.outcome
    return whole(found).order_by(*(("-ended_at", "-id") if newest else ("due_on", "id")))


def counts(wish: Wish, user: User, now: datetime, today: date) -> dict[str, int]:
    """How many each tab holds."""
    found = filtered(wish, user, now)
    return found.aggregate(**{tab: Count("pk", filter=_of_tab(tab, today)) for tab in TABS})


def table(found: QuerySet[Promise], today: date) -> list[list[object]]:
    """The rows for a spreadsheet; the numbers of the page can be counted from them."""
    return [
        [one.what, one.owner.name, one.conversation.channel.name, "yes" if one.public else "no",
         one.made_at.date(), one.first_due_on, one.due_on, one.n_days, one.get_state_display(),  # type: ignore[attr-defined]
         one.ended_on, promises_kept.OUTCOMES.get(promises_kept.outcome(one, today), ""), one.why, one.n_reports,  # type: ignore[attr-defined]
         one.n_told, "yes" if is_given(one) else "not yet"]  # type: ignore[attr-defined]
        for one in found
    ]  # fmt: skip


def is_given(promise: Promise) -> bool:
    return promise.reply is None or promise.reply.state in ("released", "published")


def whole(found: QuerySet[Promise]) -> QuerySet[Promise]:
    """With all that a line shows."""
    told = Count("reports", distinct=True, filter=Q(reports__reply__state="published"))
    numbers = {"n_reports": Count("reports", distinct=True), "n_told": told, "n_days": Count("days", distinct=True)}
    return found.select_related("owner", "reply", "conversation__channel", "conversation__person").annotate(**numbers)


def _of_tab(tab: str, today: date) -> Q:
    if tab == "open":
        return Q(state="open", due_on__gte=today)
    return Q(state="open", due_on__lt=today) if tab == "overdue" else Q(state=tab)


def _monday(said: str) -> date | None:
    try:
        return promises_kept.monday(date.fromisoformat(said))
    except (ValueError, OverflowError):
        return None


def key_of(said: str) -> str:
    """A public key as it was typed; "" where it is none."""
    try:
        return str(UUID(said))
    except ValueError:
        return ""
