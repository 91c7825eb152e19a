"""Reading the audit trail: finding entries, and saying each as a sentence with what it was before and became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts import walltime
from accounts.models import AuditEntry, User
from accounts.models.grants import ROLES

A_PAGE, MOST = 50, 50_000
# The acts that read badly when their name alone is written out; {subject} is what they were done to.
SENTENCES = {
    "signed_in": "signed in",
    "signed_out": "signed out",
    "sign_in_failed": "A sign-in as {subject} failed",
    "granted": "gave a right to {subject}",
    "ended_grant": "ended a right of {subject}",
    "changed_rights": "changed the {subject}",
    "took_back_change_of_rights": "took back a change: {subject}",
    "invited": "invited: {subject}",
    "took_back_invitation": "took back: {subject}",
    "joined": "joined",
    "disabled": "switched off {subject}",
    "enabled": "switched on {subject}",
    "ended_sessions": "ended the sessions of {subject}",
    "made_reset_link": "made a link to a new password for {subject}",
    "set_up_second_factor": "set up a second factor",
    "removed_second_factor": "removed a second factor",
    "made_recovery_codes": "made new recovery codes",
    "connected_sign_in": "connected the town's sign-in",
    "disconnected_sign_in": "disconnected the town's sign-in",
    "changed_sign_in": "changed the town's sign-in",
    "changed_settings": "changed the settings of {subject}",
    "changed_training_rules": "changed who must hold “{subject}”",
    "passed_training": "passed the training “{subject}”",
    "failed_training": "did not pass the training “{subject}”",
    "revised_training": "wrote a new version of the training “{subject}”",
    "liked": "liked a message in “{subject}”",
    "unliked": "took a like in “{subject}” back",
    "looked_at_profile": "looked at the profile of {subject}",
    "account_renamed": "met another name of the account on its platform: {subject}",
    "looked_at_mention": "looked at a mention that could not be read: {subject}",
    "looked_at_comments": "looked at comments that are counted and not shown: {subject}",
    "began_departure": "began a list: {subject}",
    "ticked_off": "ticked something off: {subject}",
    "finished_departure": "The list is done: {subject}",
    "exported_audit": "took entries of the audit trail away as a table",
    "exported_rights": "took the rights of everybody away as a table",
    "exported_training": "took the training of everybody away as a table",
    "exported_plan": "took the plan away as a table",
    "took_file": "brought in the file “{subject}”",
    "made_series": "made the series “{subject}”",
    "changed_series": "changed parts of the series “{subject}”",
    "stopped_series": "stopped the series “{subject}”",
    "made_feed": "made a private address of the calendar",
    "revoked_feed": "ended a private address of the calendar",
    "verified_audit": "checked whether the audit trail is whole",
}
WITHOUT_A_PERSON = {"sign_in_failed", "finished_departure"}
HIDDEN = {"was", "became", "changes", "of"}


@dataclass(frozen=True)
class Asked:
    """What is looked for; every part may be empty. `since` and `until` are days of the town."""

    words: str = ""
    person: str = ""
    act: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Told:
    """An entry as the page shows it: a sentence, and lines such as "name: Fernhil → Fernhill"."""

    entry: AuditEntry
    sentence: str
    lines: tuple[str, ...]

    @property
    def thing(self) -> str:
        return thing(self.entry.kind)


def find(asked: Asked, zone: str) -> QuerySet[AuditEntry]:
    """The entries that fit, the newest first."""
    rows = AuditEntry.objects.order_by("-pk")
    if asked.words:
        who = list(User.objects.filter(name__icontains=asked.words).values_list("pk", flat=True)[:50])
        rows = rows.filter(Q(subject__icontains=asked.words) | Q(actor__in=who))
    if asked.person:
        rows = rows.filter(actor__key=asked.person)
    if asked.act:
        rows = rows.filter(act=asked.act)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.since:
        rows = rows.filter(at__gte=walltime.end_of_day(asked.since - timedelta(days=1), zone))
    if asked.until:
        rows = rows.filter(at__lt=walltime.end_of_day(asked.until, zone))
    return rows.filter(pk__lt=asked.before) if asked.before else rows


def page(asked: Asked, zone: str) -> tuple[list[Told], int | None]:
    """One page, and behind which entry the next one begins (None at the end)."""
    rows = list(find(asked, zone)[: A_PAGE + 1])
    more = rows[A_PAGE - 1].pk if len(rows) > A_PAGE else None
    return [tell(row) for row in rows[:A_PAGE]], more


def known_words() -> tuple[list[str], list[str]]:
    """The acts and kinds of things to offer: those of the newest thousands."""
    newest = AuditEntry.objects.order_by("-pk").values_list("act", "kind")[:5000]
    pairs = set(newest)
    return sorted({act for act, _ in pairs}), sorted({kind for _, kind in pairs})


def tell(entry: AuditEntry) -> Told:
    return Told(entry, sentence(entry), tuple(_lines(entry)))


def sentence(entry: AuditEntry) -> str:
    """Who did what to whom, to be read aloud."""
    words = SENTENCES.get(entry.act)
    if words is None:
        words = f"{entry.act.replace('_', ' ')}: {{subject}}" if entry.subject else entry.act.replace("_", " ")
    said = words.replace("{subject}", entry.subject)
    return said if entry.act in WITHOUT_A_PERSON else f"{entry.actor_words} {said}"


def lines(entry: AuditEntry) -> list[str]:
    return list(_lines(entry))


def plain(value: object) -> str:
    """A value in words; nothing is written as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        said = [f"{_name(key)}: {plain(one)}" for key, one in value.items() if one not in (None, "")]
        return "; ".join(said) or "–"
    if isinstance(value, list) and value and all(_is_key(one) for one in value):
        return str(len(value))  # keys of things say nothing to a reader
    if isinstance(value, list):
        return ", ".join(plain(one) for one in value) or "–"
    return dict(ROLES).get(str(value), str(value))


def _lines(entry: AuditEntry) -> Iterator[str]:
    data = entry.data if isinstance(entry.data, dict) else {}
    was, became = data.get("was"), data.get("became")
    if isinstance(was, dict) and isinstance(became, dict):
        for key in sorted({*was, *became}):
            if was.get(key) != became.get(key):
                yield f"{_name(key)}: {plain(was.get(key))} → {plain(became.get(key))}"
    elif "became" in data:
        yield f"{plain(was)} → {plain(became)}"
    elif was not in (None, ""):
        yield f"before: {plain(was)}"
    for change in data.get("changes", []) if isinstance(data.get("changes"), list) else []:
        sign = "gave" if change.get("what") == "give" else "ended"
        yield f"{sign} {change.get('name')}: {plain(change.get('role'))} for {change.get('where')}"
    shown = {key: value for key, value in data.items() if key not in HIDDEN and value not in (None, "")}
    yield from (f"{_name(key)}: {plain(value)}" for key, value in shown.items())


def thing(kind: str) -> str:
    """A kind of thing as people call it: "emergency message" for emergencymessage."""
    return _things().get(kind, kind.replace("_", " "))


@lru_cache
def _things() -> dict[str, str]:
    return {str(one._meta.model_name): str(one._meta.verbose_name) for one in apps.get_models()}


def _is_key(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


def _name(key: object) -> str:
    return str(key).replace("_", " ")


def moment_words(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
