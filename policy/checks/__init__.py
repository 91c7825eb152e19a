"""Checks on a draft: deterministic, offline, in milliseconds, one family to a module. Only `must` stops a message."""

from __future__ import annotations

from policy.checks import limits, personal, pictures, wording
from policy.checks.base import Context, Draft, Finding, Fix, Image, Level

__all__ = ["Context", "Draft", "Finding", "Fix", "Image", "Level", "apply", "check", "stops"]

FAMILIES = (limits.check, pictures.check, personal.check, wording.check)
ORDER = {"must": 0, "should": 1, "consider": 2}


def check(draft: Draft, context: Context) -> list[Finding]:
    """Everything the checks have to say, the gravest first, then in the order of the text."""
    found = [finding for family in FAMILIES for finding in family(draft, context)]
    return sorted(found, key=lambda finding: (ORDER[finding.level], finding.span or (-1, -1), finding.rule))


def stops(findings: list[Finding]) -> bool:
    return any(finding.level == "must" for finding in findings)


def apply(text: str, finding: Finding) -> str:
    """The text with the finding's fix put in; unchanged where there is none."""
    if not finding.fix or not finding.span:
        return text
    start, end = finding.span
    return text[:start] + finding.fix.replacement + text[end:]
