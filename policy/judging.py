"""What people decide about findings: an override with a reason, a dismissal, and taking either back.

A must-finding stops. Limits of a platform cannot be overridden; what concerns the law or a person's data can, but only
together with an approver; the rest with a reason. Every override is audited and kept as a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import models, transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed
from policy import records
from policy.approvals import Step
from policy.checks import Finding
from policy.models import Judgement

Way = Literal["no", "alone", "signed"]
# The law, personal data, what the town has decided to say: never on one person's word.
TWO_PEOPLE = frozenset({"V11", "V12", "V13", "V14", "V15", "V16"})
TWO_PEOPLE_FAMILIES = ("H", "P")
RULE = "override"


@dataclass(frozen=True)
class About:
    """The post or reply that is judged: its kind, its key, and the thing itself for the audit trail."""

    kind: Literal["post", "reply"]
    ref: UUID
    thing: models.Model


@dataclass(frozen=True)
class Judged:
    """A finding together with what somebody decided about it; `mark` names it in forms and rows."""

    finding: Finding
    mark: str
    judgement: Judgement | None

    @property
    def stops(self) -> bool:
        return self.finding.level == "must" and self.what != "overridden"

    @property
    def what(self) -> str:
        return self.judgement.what if self.judgement else ""


def mark_of(finding: Finding) -> str:
    """The same finding in the same words has the same mark, wherever in the text it stands."""
    return hashlib.sha256(f"{finding.rule}\n{finding.words}\n{finding.quote}".encode()).hexdigest()[:32]


def way(finding: Finding) -> Way:
    """How a must-finding can be overridden; "no" for all others and for what a platform would refuse."""
    if finding.level != "must" or finding.rule.startswith("L"):
        return "no"
    if finding.act in {"approval", "private"} or finding.rule in TWO_PEOPLE:
        return "signed"
    return "signed" if finding.rule.startswith(TWO_PEOPLE_FAMILIES) else "alone"


def judgements(kind: str, ref: UUID | str | None) -> dict[str, Judgement]:
    """What holds now for a post or reply, by mark."""
    if ref is None:
        return {}
    newest: dict[str, Judgement] = {}
    for one in Judgement.objects.filter(kind=kind, ref=ref).select_related("by").order_by("id"):
        newest[one.mark] = one
    return {mark: one for mark, one in newest.items() if one.what != "taken_back"}


def judged(findings: Iterable[Finding], known: Mapping[str, Judgement]) -> list[Judged]:
    return [_judged(one, known) for one in findings]


def _judged(finding: Finding, known: Mapping[str, Judgement]) -> Judged:
    mark = mark_of(finding)
    decided = known.get(mark)
    fits = decided is not None and (decided.what == "overridden") == (finding.level == "must")
    return Judged(finding, mark, decided if fits else None)


def open_musts(rows: Iterable[Judged]) -> list[Finding]:
    """What still stops these words."""
    return [row.finding for row in rows if row.stops]


def steps(rows: Iterable[Judged], who: str) -> list[Step]:
    """The signature that overrides ask for; none where nobody overrode what two people have to answer for."""
    told = list(
        dict.fromkeys(
            f"{row.finding.rule}: {row.finding.words.rstrip(':')}"
            for row in rows
            if row.what == "overridden" and way(row.finding) == "signed"
        )
    )
    if not told:
        return []
    return [Step(RULE, f"A check was overridden, and a second person signs it. {' '.join(told)}"[:200], who)]


@transaction.atomic
def override(about: About, finding: Finding, reason: str, *, by: User, now: datetime) -> Judgement:
    """Let these words through in spite of a must-finding, for a reason that is kept."""
    how = way(finding)
    if how == "no":
        raise NotAllowed("This cannot be overridden.", next_step="Change the words; the platform refuses them.")
    if len(reason.strip()) < 5:
        raise Invalid("An override needs its reason.", next_step="Say in a sentence why these words may go out.")
    made = _add(about, finding, "overridden", reason.strip()[:500], how == "signed", by, now)
    audit.record("overrode", about.thing, by=by, now=now, rule=finding.rule, quote=made.quote, reason=made.reason)
    payload = {
        "rule": finding.rule,
        "finding": finding.words,
        "quote": finding.quote,
        "why": finding.why,
        "clause": finding.clause,
        "reason": made.reason,
        "by": by.name,
        "needs_signature": made.signed,
    }
    records.keep("override", str(about.ref), f"{finding.rule} overridden: {made.reason}", payload, now, now)
    return made


def dismiss(about: About, finding: Finding, *, by: User, now: datetime) -> Judgement:
    """Read, and left as it is; only what does not stop can be dismissed."""
    if finding.level == "must":
        raise NotAllowed("What must be fixed is not dismissed.", next_step="Fix it, or override it with a reason.")
    return _add(about, finding, "dismissed", "", False, by, now)


@transaction.atomic
def take_back(about: About, mark: str, *, by: User, now: datetime) -> Judgement | None:
    """The finding speaks again."""
    held = judgements(about.kind, about.ref).get(mark)
    if held is None:
        return None
    made = Judgement.objects.create(
        kind=about.kind, ref=about.ref, rule=held.rule, mark=mark, quote=held.quote, words=held.words,
        what="taken_back", by=by, at=now,
    )  # fmt: skip
    if held.what == "overridden":
        audit.record("took_back_override", about.thing, by=by, now=now, rule=held.rule, was=held.reason)
    return made


def decide(about: About, found: Sequence[Finding], asked: Mapping[str, str], *, by: User, now: datetime) -> bool:
    """What a form's small buttons ask for: `override`, `dismiss` or `speak_again`, each with a mark. False: none."""
    by_mark = {mark_of(one): one for one in found}
    if id_ := asked.get("override", ""):  # a mark, or one of several places with the same mark
        override(about, _one(by_mark, id_.split("-")[0]), asked.get(f"why_{id_}", ""), by=by, now=now)
    elif mark := asked.get("dismiss", ""):
        dismiss(about, _one(by_mark, mark), by=by, now=now)
    elif mark := asked.get("speak_again", ""):
        take_back(about, mark, by=by, now=now)
    else:
        return False
    return True


def _one(by_mark: Mapping[str, Finding], mark: str) -> Finding:
    if mark not in by_mark:
        raise Invalid("The words have changed since, and the check does not say this any more.")
    return by_mark[mark]


def _add(about: About, finding: Finding, what: str, reason: str, signed: bool, by: User, now: datetime) -> Judgement:
    return Judgement.objects.create(
        kind=about.kind, ref=about.ref, rule=finding.rule, mark=mark_of(finding), quote=finding.quote[:200],
        words=finding.words[:300], what=what, reason=reason, signed=signed, by=by, at=now,
    )  # fmt: skip


def shown(
    row: Judged, where: str = "", fix_value: str = "", urls: Mapping[str, str] | None = None
) -> dict[str, object]:
    """A judged finding as the check-list component takes it; `where` names the channels it holds for, if not all."""
    one, decided = row.finding, row.judgement
    return {
        "rule": one.rule,
        "mark": row.mark,
        "level": one.level,
        "words": one.words,
        "quote": one.quote,
        "why": one.why,
        "where": where,
        "clause": one.clause,
        "clause_url": (urls or {}).get(one.rule, ""),
        "source": one.source,
        "example": one.example,
        "act": one.act,
        "fix_words": one.fix.words if one.fix and fix_value else "",
        "fix_value": fix_value,
        "way": way(one),
        "what": row.what,
        "reason": decided.reason if decided else "",
        "by": decided.by.name if decided else "",
        "at": decided.at if decided else None,
        "signed": bool(decided and decided.signed),
    }


def numbered(told: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same, each with an id of its own on the page: equal words in two places have one mark."""
    seen: dict[object, int] = {}
    for one in told:
        times = seen[one["mark"]] = seen.get(one["mark"], 0) + 1
        one["id"] = one["mark"] if times == 1 else f"{one['mark']}-{times}"
    return told
