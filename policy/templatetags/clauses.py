"""What templates need to show clauses: the one a refusal or a finding rests on, and a clause's text."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from policy import filling, guides
from policy.guides import ClauseRef

register = template.Library()


@register.simple_tag
def clause_for(rule: str) -> ClauseRef | None:
    """The clause this check or refusal rests on."""
    return guides.clauses_by_rule().get(str(rule))


@register.filter
def as_document(text: str) -> SafeString:
    """A clause's text as paragraphs and lists, with the town's name and contacts put in."""
    return filling.html(text, filling.known())


@register.filter
def filled(text: str) -> str:
    """The same words with the town's name and contacts put in."""
    return filling.fill(text, filling.known())
