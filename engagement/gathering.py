"""Gathering reports of the same thing into one issue, as they come in: one issue, one alert, however many there are.

Looking again at the same messages changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts import notifications
from accounts.models import Scope
from engagement import clustering, promising, sorting
from engagement.clustering import Group, Report, Subject
from engagement.models import AlertRule, Conversation, Issue, IssueMember, Label, Message, Place, Triage
from engagement.placing import Names

GATHERING = 0x69737375  # advisory lock: one at a time


@transaction.atomic
def gather(now: datetime) -> list[Issue]:
    """Put new reports into open issues, and open those that have become enough. Returns the new issues."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [GATHERING])
        if not cursor.fetchone()[0]:
            return []
    rule = rule_now()
    window = timedelta(minutes=rule.minutes)
    reports = reports_since(now - 2 * window, now)
    left = _join_open(reports, now) if reports else []
    return [_begin(group, now) for group in clustering.groups(left, enough=rule.reports, window=window)]


def rule_now() -> AlertRule:
    return AlertRule.objects.filter(pk=1).first() or AlertRule(pk=1)


def reports_since(since: datetime, now: datetime) -> list[Report]:
    """What residents have reported since then, the first report of each conversation."""
    homes = Conversation.objects.filter(last_at__gte=since)
    rows = Message.objects.filter(conversation__in=homes, ours=False, gone_at=None, at__gte=since, at__lte=now)
    said = list(rows.order_by("at", "id").values_list("conversation_id", "person_id", "at", "text"))
    pks = {row[0] for row in said}
    kinds = dict(Triage.objects.filter(conversation__in=pks).values_list("conversation_id", "kind"))
    labels, names, found = _labels(pks), known_places(), {}
    for pk, person, at, text in said:
        if pk in found or _kind(kinds.get(pk, ""), text) not in sorting.REPORTS:
            continue
        found[pk] = Report(pk, person, at, tuple(names.found(text)), tuple(labels[pk]))
    return [report for report in found.values() if report.subjects]


def known_places() -> Names:
    """The town's places as the texts are read for them."""
    rows = Place.objects.filter(active=True).order_by("pk").values_list("pk", "name", "other_names")
    return Names.of(rows)


def _kind(confirmed: str, text: str) -> str:
    suggested = None if confirmed else sorting.suggested(text)
    return confirmed or (suggested.kind if suggested else "")


def _labels(pks: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    through = Conversation.labels.through.objects.filter(conversation__in=list(pks))
    for pk, label in through.order_by("label_id").values_list("conversation_id", "label_id"):
        found[pk].append(label)
    return found


def _join_open(reports: list[Report], now: datetime) -> list[Report]:
    """Each report joins the open issue about the same; returns those that belong to none yet."""
    open_ones: dict[Subject, Issue] = {}
    for issue in Issue.objects.filter(state="open").select_related("promise"):
        subject: Subject = ("place", issue.place_id or 0) if issue.place_id else ("label", issue.label_id or 0)
        open_ones[subject] = issue
    known = _memberships(reports)
    left: list[Report] = []
    for report in reports:
        issue_or_none = next((open_ones[one] for one in report.subjects if one in open_ones), None)
        if _counted(report, known):
            continue
        if issue_or_none is None:
            left.append(report)
        elif issue_or_none.pk not in known[report.conversation]:
            add(issue_or_none, [report], now)
    return left


def _memberships(reports: Iterable[Report]) -> dict[int, dict[int, tuple[bool, datetime | None]]]:
    """By conversation and issue: whether it is in it, and when that issue was closed."""
    rows = IssueMember.objects.filter(conversation__in=[one.conversation for one in reports])
    found: dict[int, dict[int, tuple[bool, datetime | None]]] = defaultdict(dict)
    for pk, issue, out_at, closed_at in rows.values_list("conversation_id", "issue_id", "out_at", "issue__closed_at"):
        found[pk][issue] = (out_at is None, closed_at)
    return found


def _counted(report: Report, known: dict[int, dict[int, tuple[bool, datetime | None]]]) -> bool:
    """Whether this report is in an issue already: an open one, or one that was closed after it was written."""
    return any(
        inside and (closed_at is None or report.at <= closed_at)
        for inside, closed_at in known[report.conversation].values()
    )


def _begin(group: Group, now: datetime) -> Issue:
    kind, pk = group.subject
    place = Place.objects.get(pk=pk) if kind == "place" else None
    label = Label.objects.get(pk=pk) if kind == "label" else None
    first, last = group.reports[0].at, group.reports[-1].at
    issue = Issue.objects.create(
        title=f"{place or label}: {_most_said(group)}",
        place=place,
        label=label,
        opened_at=now,
        first_at=first,
        last_at=last,
    )
    add(issue, group.reports, now)
    _alert(issue, len(group.reports), now)
    return issue


def _most_said(group: Group) -> str:
    """The kind of most of these reports, in words."""
    texts = Message.objects.filter(
        conversation__in=[one.conversation for one in group.reports],
        ours=False,
        at__in=[one.at for one in group.reports],
    )
    kinds = Counter(_kind("", text) for text in texts.values_list("text", flat=True))
    kinds.pop("", None)
    order = list(sorting.NAMES)
    most = max(kinds, key=lambda kind: (kinds[kind], -order.index(kind)), default="failure")
    return {"failure": "something is not working", "question": "many ask", "criticism": "criticism"}.get(
        most, sorting.NAMES[most].lower()
    )


def add(issue: Issue, reports: Iterable[Report], now: datetime) -> None:
    """These conversations report the issue; its promise is theirs as well."""
    rows = [
        IssueMember(issue=issue, conversation_id=one.conversation, reported_at=one.at, added_at=now) for one in reports
    ]
    IssueMember.objects.bulk_create(rows, ignore_conflicts=True)
    newest = max(row.reported_at for row in rows)
    Issue.objects.filter(pk=issue.pk).update(version=F("version") + 1)
    Issue.objects.filter(pk=issue.pk, last_at__lt=newest).update(last_at=newest)
    if issue.promise and issue.promise.state == "open":
        homes = Conversation.objects.filter(pk__in=[row.conversation_id for row in rows]).select_related("channel")
        promising.join(issue.promise, homes, by=None, now=now)


def _alert(issue: Issue, count: int, now: datetime) -> None:
    """Everybody who answers on one of its channels hears of it, once."""
    scopes = Scope.objects.filter(Q(channel__conversations__issue_members__issue=issue)).distinct()
    words = f"{count} people report the same: {issue}"
    url = reverse("issues:issue", args=[issue.key])
    for scope in scopes:
        notifications.tell_role("answer", scope, "issue.new", words, url, now=now, once=f"issue:{issue.key}")
        notifications.tell_role("manager", scope, "issue.new", words, url, now=now, once=f"issue:{issue.key}")
