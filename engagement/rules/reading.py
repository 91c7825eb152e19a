"""Reading the rules from the database, made ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, JSONField, OuterRef

from accounts.models import Town
from engagement import timing
from engagement.models import RuleVersion
from engagement.rules.matching import Compiled, handles, language
from engagement.wordmatch import phrases
from policy.clocks import Hours


@dataclass(frozen=True)
class Ready:
    """One version ready to be asked, and its acts at hand: labels and people by row id, with their names."""

    version: RuleVersion
    conditions: Compiled
    labels: dict[int, str]
    notify: dict[int, str]


def in_force() -> list[Ready]:
    """The rules that are on, in their order, each with its newest version made ready: one question for all of them."""
    rows = RuleVersion.objects.filter(rule__state="on").order_by("rule_id", "-n").distinct("rule_id")
    rows = rows.select_related("rule", "assignee", "department").annotate(
        on_channels=_linked("channels", "channel_id"),
        its_labels=_linked("labels", "label_id", "label__name"),
        its_notify=_linked("notify", "user_id", "user__name"),
    )
    found = sorted(rows, key=lambda row: (row.rule.place, row.rule_id))
    return [
        Ready(row, _conditions(row, [pk for (pk,) in row.on_channels]), _named(row.its_labels), _named(row.its_notify))
        for row in found
    ]


def _linked(name: str, pk: str, words: str = "") -> ArraySubquery:
    """The rows a version is linked with by `name`, each as a list: its id and, where asked for, its name."""
    through = getattr(RuleVersion, name).through.objects.filter(ruleversion=OuterRef("pk"))
    columns = [F(pk), *([F(words)] if words else [])]
    return ArraySubquery(
        through.order_by(words or pk).values(one=Func(*columns, function="jsonb_build_array", output_field=JSONField()))
    )


def _named(rows: Iterable[Sequence[Any]]) -> dict[int, str]:
    return {int(pk): str(name) for pk, name in rows}


def ready(version: RuleVersion) -> Ready:
    """One version, read with what it is linked with."""
    labels = {one.pk: one.name for one in version.labels.all()}
    people = {one.pk: one.name for one in version.notify.all()}
    return Ready(version, _conditions(version, [one.pk for one in version.channels.all()]), labels, people)


def _conditions(version: RuleVersion, channels: Iterable[int]) -> Compiled:
    return Compiled(
        words=phrases(tuple(version.words)),
        without=phrases(tuple(version.without)),
        channels=frozenset(channels),
        authors=handles(version.authors),
        languages=frozenset(map(language, version.languages)),
        hours=version.hours,
        opens=version.opens,
        closes=version.closes,
    )


def town_hours() -> Hours:
    """The town's service hours as they are now."""
    town = Town.here()
    return Hours.of(town.zone, town.hours, timing.PackDays(town.pack))
