"""What other systems of Fernhill know: calls and e-mails by topic, hours, money, places, and what a contact costs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from accounts.models import Town, User
from metrics import costs, reports, shifting
from metrics.models import Aim, WeeklyReport
from metrics.outside import bringing_in
from policy import floors
from policy.models import Objective, Topic

WEEKS = 10
# About bins people phone less since answers are in public; about roads as ever.
CALLS = (("Bins and recycling", "Phone", 96, -4), ("Bins and recycling", "E-mail", 31, -1),
         ("Roads and pavements", "Phone", 54, 0), ("Roads and pavements", "E-mail", 22, 0))  # fmt: skip
HOURS = (("Answering", "7.5"), ("Writing and pictures", "9"))
PLACES = (("Fernhill", 2410), ("Newbridge", 380), ("Mill End", 215), ("London", 160))
UNLISTED = (4, 5, 6)  # weeks in which nobody fetched the list
KNOWN = (("staff", "yes", 64), ("partners", "no", 21), ("bots", "", 9))
SOURCE = "Customer service, list of contacts by topic"


def count(staff: dict[str, User], now: datetime) -> None:
    """Ten weeks of contacts, hours and a bill; one file more waits to be set up."""
    dev, today = staff["dev"], now.astimezone(Town.here().tz).date()
    mondays = [today - timedelta(days=today.weekday() + 7 * back) for back in range(WEEKS, 0, -1)]
    calls = [
        f"{monday},{topic},{route},{most + step * n + (monday.toordinal() // 7 + len(topic)) % 5}"
        for n, monday in enumerate(mondays)
        for topic, route, most, step in CALLS
    ]
    _bring_in("contacts", "contacts-by-topic.csv", "Week,Topic,Route,Contacts", calls, dev, now)
    hours = [f"{monday},{words},{value}" for monday in mondays for words, value in HOURS]
    _bring_in("hours", "hours.csv", "Week,Activity,Hours", hours, dev, now)
    _bring_in("spend", "spend.csv", "Week,What for,Amount", [f"{mondays[-3]},Advert for Mill Pond,60"], dev, now)
    places = [
        f"{monday},Fernhill Town Council on Facebook,{place},{fans - (WEEKS - n) * fans // 200}"
        for n, monday in enumerate(mondays, 1)
        if n not in UNLISTED
        for place, fans in PLACES
    ]
    _bring_in("places", "places-of-followers.csv", "Day,Channel,Place,Followers", places, dev, now)
    known = [f"{mondays[0]},Fernhill Town Council on Facebook,{who},{local},{fans}" for who, local, fans in KNOWN]
    _bring_in("excluded", "staff-and-partners.csv", "Day,Channel,Who,Local,Followers", known, dev, now)
    bringing_in.take(f"Week commencing,Subject,Calls\n{today},Bins and recycling,12\n".encode(), "new-list.csv",
                     "contacts", by=dev, now=now)  # fmt: skip
    _cost("phone", "5.20", "7.40", dev, today, now)
    _cost("email", "4.60", "5.90", dev, today, now)
    _cost("hour", "17.00", "22.00", dev, today, now)
    last_week = datetime.combine(mondays[-1] + timedelta(days=2), time(10), Town.here().tz)
    shifting.decide("bins are asked about most on Tuesdays", "The collection days go out on Monday evening",
                    today + timedelta(weeks=3), "response_rate", by=dev, now=last_week)  # fmt: skip
    _aim(dev, mondays, today)
    floors.settle(40, None, "A town that only tells is rarely answered", by=dev, now=last_week)
    _report(dev, now)


def _aim(dev: User, mondays: list[date], today: date) -> None:
    """Fewer calls about bins since their days are told every week, where about roads nothing was done."""
    bins, roads = (Topic.objects.get(name=name) for name in ("Bins and recycling", "Roads and pavements"))
    objective = Objective.objects.create(
        sentence="A third fewer people have to phone or write about bins", family="service", owner=dev,
        why="Who finds the day by a look need not wait in a queue.", measure="contacts", baseline=129,
        baseline_on=mondays[0], baseline_source=SOURCE, target=86, target_on=today + timedelta(weeks=12),
    )  # fmt: skip
    Aim.objects.create(objective=objective, topic=bins, control=roads, since=mondays[WEEKS // 2])


def _bring_in(kind: str, name: str, heads: str, rows: list[str], by: User, now: datetime) -> None:
    file = bringing_in.take("\n".join([heads, *rows]).encode(), name, kind, by=by, now=now)
    bringing_in.set_up(file, file.read, file.columns, SOURCE, by=by, now=now)
    bringing_in.bring_in(file, by=by, now=now)


def _cost(route: str, low: str, high: str, by: User, today: date, now: datetime) -> None:
    budget = date(today.year - (today.month < 4), 4, 1)
    costs.settle(route, Decimal(low), Decimal(high), "Finance, budget of the year", budget, by=by, now=now)


def _report(by: User, now: datetime) -> None:
    """The reports of the last weeks; the oldest is signed, and all have been read."""
    for back in (2, 1, 0):
        reports.expect(now - timedelta(weeks=back))
    reports.make_due(now)
    made = WeeklyReport.objects.filter(state="made")
    reports.sign(made.earliest("week"), "Answers about bins are quicker. Roads need a second person.", by=by, now=now)
    made.update(sent_at=now)
