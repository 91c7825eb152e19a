"""The paid register: what is paid for to be seen, for which objective, what it cost, what came of it.

Nothing starts that does not say who pays, and nothing that speaks of an election without a named person's permission.
Money and results are added with their source; what invoices say stands beside what was written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from calendar_app import guarding
from metrics.models import Paid, PaidEntry
from metrics.outside import held
from policy import holding, modes
from policy.holding import Facts, Rules
from policy.moves import move

KEEP, PERMIT = "keep_paid", "permit_exception"
INVOICES = "invoices"
LOCK = 0x70616964  # advisory lock: numbers follow one another
EARLIEST = date(2000, 1, 1)
# What makes an advert political in most places, beside whoever stands on the town's list of names.
ELECTION = Rules(
    words=(*holding.ELECTION.words, "election", "elections", "vote", "votes", "voting", "ballot", "candidate",
           "candidates", "referendum", "polling day", "polling station"),
    names=True,
)  # fmt: skip


def register(told: dict[str, Any], *, by: User, now: datetime) -> Paid:
    """Write down what is to be paid for, under the next number. Raises Invalid."""
    require(by, KEEP, now)
    _whole(told)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        number = (Paid.objects.aggregate(n=Max("number"))["n"] or 0) + 1
        row = Paid.objects.create(**told, number=number, by=by, at=now)
        audit.record("registered_paid", row, by=by, now=now, reference=row.reference, budget=str(row.budget))
    return row


def change(row: Paid, told: dict[str, Any], *, by: User, now: datetime) -> Paid:
    """Change what is planned; a permission for other words is none for these."""
    require(by, KEEP, now)
    _whole(told)
    if row.state != "planned":
        raise IllegalMove("It has started: what it says and what it may cost stays.")
    facts = dict(told)
    if any(getattr(row, name) != told[name] for name in ("title", "text", "disclaimer", "label")):
        facts |= {"permitted_by": None, "permitted_at": None, "permitted_why": ""}
    with transaction.atomic():
        if not Paid.objects.filter(pk=row.pk, state="planned").update(**facts):
            raise LostRace("It has started a moment ago.")
        was = {name: str(getattr(row, name)) for name in told if getattr(row, name) != told[name]}
        audit.record("changed_paid", row, by=by, now=now, was=was)
    row.refresh_from_db()
    return row


def _whole(told: dict[str, Any]) -> None:
    if told["ends_on"] < told["starts_on"]:
        raise Invalid("It ends before it starts.")
    if told["budget"] < 0:
        raise Invalid("The budget is below nought.")


# --- may it start? ---------------------------------------------------------------------------------------------------


def spoken(row: Paid) -> list[str]:
    """What in its words is about an election, in sentences; empty when nothing is."""
    return holding.reasons(Facts(texts=(row.title, row.text, row.disclaimer)), ELECTION, guarding.names())


def wrong(row: Paid, now: datetime) -> list[str]:
    """Every reason why it may not start as it is."""
    found = [] if row.disclaimer else ["It does not say who pays for it."]
    about = spoken(row)
    if about and row.label != "political":
        found.append(f"{about[0]} Label it as political.")
    if about and row.permitted_by_id is None:
        during = modes.current(row.channel.scope if row.channel else None, now) == "election"
        who = "During the election a" if during else "A"
        found.append(f"{about[0]} {who}n approver or a manager has to permit it, with a reason.")
    return found


def permit(row: Paid, why: str, *, by: User, now: datetime) -> Paid:
    """Put one's name under words about an election; whoever wrote them down is somebody else."""
    require(by, PERMIT, now)
    if not why.strip():
        raise Invalid("Say on what ground it is permitted.")
    if row.by_id == by.pk:
        raise NotAllowed("You wrote it down; somebody else permits it.", rule="election")
    with transaction.atomic():
        facts = {"permitted_by": by, "permitted_at": now, "permitted_why": why.strip()[:300]}
        same = {"text": row.text, "title": row.title, "disclaimer": row.disclaimer, "label": row.label}
        if not Paid.objects.filter(pk=row.pk, state="planned", **same).update(**facts):
            raise LostRace("Its words were changed a moment ago.", next_step="Read them again.")
        audit.record("permitted_paid", row, by=by, now=now, reason=facts["permitted_why"])
    row.refresh_from_db()
    return row


def start(row: Paid, *, by: User, now: datetime) -> Paid:
    """It runs from now on. Refused with every reason where it may not."""
    require(by, KEEP, now)
    why = wrong(row, now)
    if why:
        raise Invalid(" ".join(why), rule="election" if spoken(row) else "honesty")
    held_to: dict[str, object] = {"text": row.text, "disclaimer": row.disclaimer, "label": row.label}
    return move(row, "running", now=now, by=by, holding=held_to)


def end(row: Paid, *, by: User, now: datetime) -> Paid:
    require(by, KEEP, now)
    return move(row, "ended", now=now, by=by)


def drop(row: Paid, *, by: User, now: datetime) -> Paid:
    """It does not take place; what was written down of money stays."""
    require(by, KEEP, now)
    return move(row, "dropped", now=now, by=by)


# --- money and results -----------------------------------------------------------------------------------------------


def add(row: Paid, what: str, on: date, value: Decimal, source: str, *, by: User, now: datetime) -> PaidEntry:
    """Money that went out, or results, with the day and where the number comes from. Raises Invalid."""
    require(by, KEEP, now)
    if what not in dict(PaidEntry.WHAT) or value < 0 or not source.strip():
        raise Invalid("Say what it is, how much, and where the number comes from.")
    if on > now.astimezone(Town.here().tz).date():
        raise Invalid("That day is still to come.")
    with transaction.atomic():
        entry = PaidEntry.objects.create(
            paid=row, what=what, on=on, value=value, source=source.strip()[:200], by=by, at=now
        )
        audit.record("added_paid_entry", row, by=by, now=now, what=what, value=str(value), source=entry.source)
    return entry


def take_back(entry: PaidEntry, why: str, *, by: User, now: datetime) -> None:
    """It counts no longer, and says why."""
    require(by, KEEP, now)
    if not why.strip():
        raise Invalid("Say in a sentence why it is taken back.")
    with transaction.atomic():
        facts = {"taken_back_at": now, "taken_back_why": why.strip()[:300]}
        if not PaidEntry.objects.filter(pk=entry.pk, taken_back_at=None).update(**facts):
            raise LostRace("It is taken back already.")
        audit.record(
            "took_back_paid_entry", entry.paid, by=by, now=now, value=str(entry.value), reason=why.strip()[:300]
        )


@dataclass(frozen=True)
class Account:
    """One thing paid for with its sums. `outcomes` is None where nobody wrote down a result, `invoiced` where no
    invoice names it.
    """

    paid: Paid
    spent: Decimal
    outcomes: Decimal | None
    invoiced: Decimal | None

    @property
    def each(self) -> Decimal | None:
        """What one result cost; None without a result."""
        return self.spent / self.outcomes if self.outcomes else None

    @property
    def over(self) -> bool:
        return self.spent > self.paid.budget

    @property
    def differs(self) -> Decimal | None:
        """How far the invoices are from what was written down; None without an invoice."""
        return None if self.invoiced is None else self.invoiced - self.spent


@dataclass(frozen=True)
class Books:
    """The register beside the invoices. `strangers` are invoices that name nothing in it."""

    accounts: Sequence[Account]
    strangers: Sequence[tuple[str, Decimal]]

    @property
    def spent(self) -> Decimal:
        return sum((one.spent for one in self.accounts), Decimal(0))

    @property
    def invoiced(self) -> Decimal:
        known = sum((one.invoiced for one in self.accounts if one.invoiced is not None), Decimal(0))
        return known + sum((value for _, value in self.strangers), Decimal(0))

    @property
    def balanced(self) -> bool:
        """Whether every sum written down is what invoices say, and no invoice is left over."""
        return not self.strangers and all(one.differs == 0 or one.invoiced is None and not one.spent
                                          for one in self.accounts)  # fmt: skip


def books(rows: Sequence[Paid], now: datetime) -> Books:
    """The sums of these, and every invoice there is."""
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for paid, what, value in PaidEntry.objects.filter(paid__in=rows, taken_back_at=None).values_list(
        "paid_id", "what", "value"
    ):
        sums[paid, what] += value
    invoiced: dict[str, Decimal] = defaultdict(Decimal)
    for one in held.current(INVOICES, EARLIEST, now.astimezone(Town.here().tz).date(), now):
        invoiced[one.label.strip().upper()] += one.value
    accounts = [
        Account(
            one, sums.get((one.pk, "spent"), Decimal(0)), sums.get((one.pk, "outcome")), invoiced.get(one.reference)
        )
        for one in rows
    ]
    known = {f"AD-{number}" for number in Paid.objects.values_list("number", flat=True)}
    return Books(accounts, sorted((name, value) for name, value in invoiced.items() if name not in known))
