"""Checks on a draft: deterministic, offline, in milliseconds, one family to a module. Only `must` stops a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from policy.checks import care, films, fitting, hearing, law, limits, personal, pictures, plain, promises, trust, voice
from policy.checks.base import Context, Draft, Finding, Fix, Hit, House, Image, Level, ProfileItem, Receipt, Video
from policy.checks.catalogue import RULES, Rule
from policy.checks.reading import Reading

__all__ = [
    "RULES",
    "Context",
    "Draft",
    "Finding",
    "Fix",
    "House",
    "Image",
    "Level",
    "ProfileItem",
    "Receipt",
    "Rule",
    "Video",
    "apply",
    "arrived",
    "check",
    "for_a_person",
    "standing",
    "stops",
]

FAMILIES = (
    limits.check,
    fitting.check,
    pictures.check,
    films.check,
    personal.check,
    law.check,
    promises.check,
    hearing.check,
    plain.check,
    voice.check,
    care.check,
    trust.check,
)
ORDER = {"must": 0, "should": 1, "consider": 2}


def check(draft: Draft, context: Context) -> list[Finding]:
    """Everything the checks have to say, the gravest first, then in the order of the text."""
    reading = Reading(draft, context)
    off = context.house.off | reading.profile.off
    hits = [hit for family in FAMILIES for hit in family(reading) if hit.rule not in off]
    found = [finding(hit, reading) for hit in hits if not _part_of_another(hit, hits)]
    return sorted(found, key=lambda one: (ORDER[one.level], one.span or (-1, -1), one.rule, one.words))


def _part_of_another(hit: Hit, hits: list[Hit]) -> bool:
    """A word with a plainer one says nothing where the whole phrase around it is told already."""
    if hit.rule != "V02" or hit.span is None:
        return False
    start, end = hit.span
    return any(one.rule == "V01" and one.span and one.span[0] <= start and end <= one.span[1] for one in hits)


def finding(hit: Hit, reading: Reading) -> Finding:
    """A hit with what the catalogue, the town and the situation say about its rule."""
    rule = RULES[hit.rule]
    level = hit.level or reading.profile.levels.get(rule.id) or reading.house.levels.get(rule.id) or rule.level
    return Finding(
        rule=rule.id,
        level=level,
        words=hit.words,
        why=hit.why or rule.why,
        clause=reading.context.clauses.get(rule.id) or rule.clause,
        span=hit.span,
        fix=hit.fix,
        quote=hit.quote,
        source=rule.source,
        example=rule.example,
        act=hit.act,
        due=hit.due,
    )


def arrived(receipt: Receipt, context: Context) -> list[Finding]:
    """What a network did not keep of what was sent; the words themselves are not looked at again."""
    reading = Reading(Draft(""), replace(context, receipt=receipt))
    off = context.house.off | reading.profile.off
    return [finding(hit, reading) for hit in films.check(reading) if hit.rule == "A35" and hit.rule not in off]


def standing(items: Iterable[ProfileItem], context: Context) -> list[Finding | None]:
    """What there is to say of each thing that stands on a profile, in order; None where nothing is due."""
    return [_of_item(one, context) for one in items]


def _of_item(item: ProfileItem, context: Context) -> Finding | None:
    reading = Reading(Draft(""), replace(context, profile=(item,)))
    off = context.house.off | reading.profile.off
    hits = (hit for hit in films.check(reading) if hit.rule == "A36" and hit.rule not in off)
    return next((finding(hit, reading) for hit in hits), None)


def stops(findings: list[Finding]) -> bool:
    return any(one.level == "must" for one in findings)


def apply(text: str, finding: Finding) -> str:
    """The text with the finding's fix put in; unchanged where there is none."""
    span = finding.fix and (finding.fix.span or finding.span)
    if not finding.fix or not span:
        return text
    start, end = span
    return text[:start] + finding.fix.replacement + text[end:]


def for_a_person(draft: Draft) -> list[Rule]:
    """The rules that no machine can decide about this draft: somebody has to look, and say so."""
    wanted = {"A31", "A07"} if any(one.has_text for one in draft.pictures) else set[str]()
    if draft.pictures:
        wanted |= {"A01", "H2"}
    for video in draft.videos:
        wanted |= {"video": {"A09", "A10", "A13"}, "audio": {"A11"}, "live": {"A10", "A12", "A13"}}[video.kind]
    return [rule for id_, rule in RULES.items() if id_ in wanted]
