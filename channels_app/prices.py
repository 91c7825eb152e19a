"""What platforms charge: the prices as they are published or as the town has them in writing, and what they come to.

Money is an estimate: a platform counts what it delivered, Parley what it sent and met. Reading the same thing twice
within a day is charged once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid
from channels_app import tallies
from channels_app.models import Attempt, Channel, Price
from channels_app.platforms.links_seen import has_link
from channels_app.publishing.outgoing import outgoing, platform_of

KINDS = {
    "post": "A post without a link",
    "post_with_link": "A post with a link",
    "reply": "An answer",
    "message": "A private answer",
    "delete": "Taking something down",
    "own_read": "Reading something of the town's own",
    "read": "Reading something others wrote",
    "message_read": "Reading a private message",
}
READS = {"own_read": "own", "read": "others", "message_read": "messages"}


@dataclass(frozen=True)
class Rate:
    """One price from a day on, and where it is written. `by`: who entered it; empty where Parley brought it along."""

    what: str
    amount: Decimal
    currency: str
    good_from: date
    source: str
    by: str = ""

    @property
    def words(self) -> str:
        return KINDS[self.what]


SOURCE = "docs.x.com, X API pay-per-use pricing, read on 22 August 2026"
SHIPPED: Mapping[str, tuple[Rate, ...]] = {
    "x": tuple(
        Rate(what, Decimal(amount), "USD", date(2026, 8, 22), SOURCE)
        for what, amount in (
            ("post", "0.015"),
            ("post_with_link", "0.20"),
            ("reply", "0.010"),
            ("message", "0.015"),
            ("delete", "0.010"),
            ("own_read", "0.001"),
            ("read", "0.005"),
            ("message_read", "0.010"),
        )
    )
}


@dataclass(frozen=True)
class Line:
    """So many of one kind, and what they come to."""

    what: str
    count: int
    amount: Decimal

    @property
    def words(self) -> str:
        return KINDS[self.what]


@dataclass(frozen=True)
class Spent:
    """What a channel has cost in one month (its first day), by kind."""

    month: date
    lines: list[Line]
    currency: str

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.lines), Decimal(0))


def charges(platform: str) -> bool:
    return platform in SHIPPED


def currency_of(platform: str) -> str:
    """What the prices of a platform that charges are in, all of them: one sum has one currency."""
    return history(platform)[0].currency


def history(platform: str) -> list[Rate]:
    """Every price there is for a platform, the newest first; the town's own go before those brought along."""
    own = [
        Rate(one.what, one.amount.normalize(), one.currency, one.good_from, one.source, one.by.name)
        for one in Price.objects.filter(platform=platform, what__in=KINDS).select_related("by")
    ]
    return sorted([*own, *SHIPPED.get(platform, ())], key=lambda one: (one.good_from, bool(one.by)), reverse=True)


def on(rates: Sequence[Rate], day: date) -> dict[str, Rate]:
    """The prices of one day; before the first known one, that one. Pure."""
    found: dict[str, Rate] = {}
    for one in rates:  # the newest first
        if one.good_from <= day:
            found.setdefault(one.what, one)
    for one in reversed(rates):
        found.setdefault(one.what, one)
    return {what: found[what] for what in KINDS if what in found}


def money(amount: Decimal, currency: str) -> str:
    """Two places, or as many as a small price needs."""
    places = max(2, -int(amount.normalize().as_tuple().exponent)) if amount else 2
    return f"{currency} {amount:.{places}f}"


def enter(
    platform: str, what: str, amount: Decimal, currency: str, good_from: date, source: str, *, by: User, now: datetime
) -> Price:
    """A price the town has in writing. Raises Invalid."""
    if not charges(platform) or what not in KINDS:
        raise Invalid("Choose what the price is for.")
    if (known := currency_of(platform)) != currency.upper():
        raise Invalid(f"The other prices are in {known}.", next_step=f"Enter this one in {known} too.")
    facts: dict[str, Any] = {"amount": amount, "currency": currency.upper(), "good_from": good_from}
    try:
        with transaction.atomic():
            row = Price.objects.create(platform=platform, what=what, source=source[:300], by=by, at=now, **facts)
            told = {"what": KINDS[what], "amount": str(amount), "from": good_from.isoformat(), "source": source[:300]}
            audit.record("entered_price", row, by=by, now=now, **told)
    except IntegrityError as error:
        raise Invalid("There is a price from that day on already.", next_step="Choose another day.") from error
    return row


def of_post(texts: Iterable[str], rates: Mapping[str, Rate]) -> Decimal:
    """What the parts of a post cost together. Pure."""
    return sum((rates["post_with_link" if has_link(text) else "post"].amount for text in texts), Decimal(0))


def said(channel: Channel, texts: Sequence[str], day: date) -> str:
    """What a post costs, in a sentence for whoever writes it; empty where nobody charges."""
    if not charges(channel.platform):
        return ""
    rates = on(history(channel.platform), day)
    label, currency = channel.get_platform_display(), rates["post"].currency
    linked, plain = (money(rates[what].amount, currency) for what in ("post_with_link", "post"))
    total = money(of_post(texts, rates), currency)
    what = "this post" if len(texts) == 1 else f"these {len(texts)} parts"
    if any(has_link(text) for text in texts):
        return f"{label} charges about {total} for {what}: {linked} with a link, {plain} without."
    return f"{label} charges about {total} for {what}; with a link it is {linked}."


def count_reads(channel: Channel, now: datetime, *, own: int = 0, others: int = 0, messages: int = 0) -> None:
    """Note what was read on a platform that charges for it."""
    if charges(channel.platform):
        counts = {"own": own, "others": others, "messages": messages}
        tallies.add_all({("reads", _label(channel, now, whose)): n for whose, n in counts.items() if n})


def spent(channel: Channel, month: date, rates: Sequence[Rate]) -> Spent:
    """What the sends and reads of a calendar month (of UTC, as platforms count) come to."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    known = Attempt.objects.filter(delivery__channel=channel, event__in=("published", "reconciled"))
    for one in known.filter(at__gte=start, at__lt=end).select_related("delivery__channel", "delivery__follows"):
        _add(counts, sums, _what(one), on(rates, one.at.date()))
    read = tallies.read(["reads"])["reads"]
    for what, whose in READS.items():
        n = read.get(_label(channel, start, whose), 0)
        if n:
            counts[what] = n
            sums[what] = n * on(rates, end.date() - timedelta(days=1))[what].amount
    lines = [Line(what, counts[what], sums[what]) for what in KINDS if counts[what]]
    return Spent(start.date(), lines, rates[0].currency if rates else "")


def _add(counts: Counter[str], sums: dict[str, Decimal], what: str, rates: Mapping[str, Rate]) -> None:
    if what in rates:
        counts[what] += 1
        sums[what] = sums.get(what, Decimal(0)) + rates[what].amount


def _what(attempt: Attempt) -> str:
    kind = attempt.delivery.kind
    if kind == "reply" and attempt.delivery.payload.get("visibility") == "direct":
        return "message"
    if kind != "post":
        return kind
    words = platform_of(attempt.delivery.channel).words(outgoing(attempt.delivery))
    return "post_with_link" if has_link(words) else "post"


def _label(channel: Channel, now: datetime, whose: str) -> str:
    return f"{channel.key}:{now.astimezone(UTC):%Y-%m}:{whose}"
