"""What the keys need besides a role: current training, and whatever the layers above require.

Publishing, answering and signing work only for somebody with nothing owed. What is owed is read in the same query as
the person's rights, so that asking costs nothing more.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, JSONObject, Least
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, TrainingAttempt, TrainingRule, User


@dataclass(frozen=True)
class Lapse:
    """Why a right is not there: a sentence to the person, one about them, and where to mend it.

    `module` is the key of the training that is missing, empty where something else is owed.
    """

    words: str
    about: str
    url: str
    link: str
    module: str = ""


@dataclass(frozen=True)
class Fact:
    """Something a layer above requires. `owed(now)` is a condition over Grant rows (`OuterRef("user")` is the person).

    `lapse` is what people are told while they owe it.
    """

    name: str
    owed: Callable[[datetime], Combinable]
    lapse: Lapse


_facts: dict[str, Fact] = {}
SOMEBODY, SOME_TIME = -1, datetime(1, 1, 1, tzinfo=UTC)  # stand for the person and the moment in a question made once


def require(fact: Fact) -> None:
    """Have the keys depend on one more fact, from an app's `ready()`. KeyError where the name is taken."""
    if fact.name in _facts:
        raise KeyError(f"Another fact is called {fact.name}.")
    _facts[fact.name] = fact


def release(name: str) -> None:
    """Forget a fact; only tests need it."""
    _facts.pop(name, None)


def with_lapses(grants: QuerySet[Grant], now: datetime) -> QuerySet[Grant]:
    """The grants, each with what its person owes for its role: `untrained`, and `owes_NAME` per fact."""
    owed = missing(now, role=OuterRef("role"), user=OuterRef("user"), joined=OuterRef("user__joined_at"))
    said = JSONObject(title="module__title", key="module__key", ended="ended")
    facts: dict[str, Any] = {f"owes_{fact.name}": fact.owed(now) for fact in _facts.values()}
    return grants.annotate(untrained=ArraySubquery(owed.values(said=said)), **facts)


def rights_of(user: User, now: datetime) -> list[tuple[str, int | None, tuple[Lapse, ...]]]:
    """The person's rights now as (role, scope's row id, what is owed for it), in one query."""
    facts = tuple(_facts.values())
    question, values = _question(facts)
    with connection.cursor() as cursor:
        cursor.execute(question, [user.pk if one == SOMEBODY else now if one == SOME_TIME else one for one in values])
        rows = cursor.fetchall()
    names = [fact.name for fact in facts]
    return [
        (role, where, lapses([json.loads(one) for one in untrained], list(itertools.compress(names, owed))))
        for role, where, untrained, *owed in rows
    ]


@lru_cache
def _question(facts: tuple[Fact, ...]) -> tuple[str, tuple[Any, ...]]:
    """The SQL of `rights_of`, put together once: every page and every send asks it, only of another person and time."""
    rows = with_lapses(Grant.objects.filter(user=SOMEBODY).current(SOME_TIME), SOME_TIME)
    columns = ("role", "scope_id", "untrained", *(f"owes_{fact.name}" for fact in facts))
    question, values = rows.values_list(*columns).query.sql_with_params()
    return question, tuple(values)


def without_lapses(grants: QuerySet[Grant], now: datetime) -> QuerySet[Grant]:
    """Only the grants whose keys work."""
    owed = missing(now, role=OuterRef("role"), user=OuterRef("user"), joined=OuterRef("user__joined_at"))
    for fact in _facts.values():
        grants = grants.annotate(**{f"owes_{fact.name}": fact.owed(now)}).filter(**{f"owes_{fact.name}": False})
    return grants.filter(~Exists(owed))


def missing(now: datetime, *, role: Any, user: Any, joined: Any) -> QuerySet[TrainingRule]:
    """The rules of a role a person does not meet, grace considered; `ended` is when their last pass ran out."""
    moment = DateTimeField()
    began = Greatest(F("since"), Coalesce(joined, F("since"), output_field=moment), output_field=moment)
    due = ExpressionWrapper(began + F("grace"), output_field=moment)
    return (
        TrainingRule.objects.filter(role=role, module__put_away_at=None)
        .annotate(due=due, ended=Subquery(last_pass(user, OuterRef("module"))))
        .filter(due__lte=now)
        .filter(Q(ended=None) | Q(ended__lte=now))
        .order_by("module__place", "module__title")
    )


def last_pass(user: Any, module: Any) -> QuerySet[TrainingAttempt, Any]:
    """How long the person's passes of this module are good; an old version's only until it stops counting."""
    user = OuterRef(user) if isinstance(user, OuterRef) else user
    old = Q(version__number__lt=F("version__module__counts_from"))
    until = Case(
        When(old, then=Least(F("good_until"), F("version__module__again_from"))),
        default=F("good_until"),
        output_field=DateTimeField(),
    )
    return (
        TrainingAttempt.objects.filter(user=user, version__module=module)
        .exclude(good_until=None)
        .order_by()
        .values("version__module")
        .annotate(until=Max(until))
        .values("until")
    )


def lapses(untrained: Sequence[Mapping[str, str | None]], owed: Sequence[str]) -> tuple[Lapse, ...]:
    """What is owed, in words: trainings first, then the facts by name."""
    return (*(_untrained(one) for one in untrained), *(_facts[name].lapse for name in owed if name in _facts))


def fact_names() -> list[str]:
    return list(_facts)


def _untrained(one: Mapping[str, str | None]) -> Lapse:
    title, ended = one["title"], one["ended"]
    if ended is None:
        words = f"You have not passed the training “{title}” yet."
        about = f"has not passed the training “{title}”"
    else:
        day = last_day(datetime.fromisoformat(ended))
        words = f"Your training “{title}” ended on {day}; take it again."
        about = f"has let the training “{title}” run out on {day}"
    url = reverse("accounts:take-training", args=[one["key"]])
    return Lapse(words, about, url, "Take the training", module=str(one["key"]))


def last_day(until: datetime) -> str:
    """The last day something was good that ends at midnight, by the clocks of the town: "3 May 2026"."""
    day = timezone.localtime(until - timedelta(seconds=1))
    return f"{day.day} {day:%B %Y}"
