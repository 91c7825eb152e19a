"""The guides that ship are whole: every check and every refusal rests on a clause; each clause has its address."""

from __future__ import annotations

import ast
import re

import pytest
from django.conf import settings

from accounts import refusals
from policy import comparing, filling, ruling, shipped
from policy.shipped import Words

GUIDES = ("policy", "voice")


def test_every_check_and_every_refusal_rests_on_a_clause() -> None:
    rules = [rule for guide in GUIDES for one in shipped.clauses(guide) for rule in one.rules]
    assert ruling.uncovered(rules) == []
    named = {f"A{n:02}" for n in range(1, 37)} | {f"V{n:02}" for n in range(1, 27)}
    assert named <= set(rules)
    assert len(rules) == len(set(rules)), "a rule rests on one clause"


def test_a_rule_that_no_clause_names_is_told() -> None:
    rules = [rule for guide in GUIDES for one in shipped.clauses(guide) for rule in one.rules]
    rules.remove("sign_off")
    assert ruling.uncovered(rules) == ["sign_off"]


def test_a_family_covers_what_no_other_clause_names() -> None:
    found = ruling.covered({"limits": ["L"], "own": ["A01"]}, ["L1", "L2", "A01", "B1"])
    assert found == {"A01": "own", "L1": "limits", "L2": "limits"}


@pytest.mark.parametrize("guide", GUIDES)
def test_clauses_are_numbered_and_have_an_address_a_text_and_a_question(guide: str) -> None:
    clauses = shipped.clauses(guide)
    assert len({one.anchor for one in clauses}) == len(clauses)
    assert all(re.fullmatch(r"\d+\.\d+", one.number) for one in clauses)
    assert all(one.text and one.questions and re.fullmatch(r"[a-z0-9-]+", one.anchor) for one in clauses)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_shipped_words_keep_to_their_own_guide(guide: str) -> None:
    """No sentence of more than 25 words, and every place to fill in is known."""
    for one in shipped.clauses(guide):
        assert set(re.findall(r"\{(\w+)\}", one.text + one.title)) <= set(filling.PLACES), one.anchor
        for sentence in re.split(r"(?<=[.?!:])\s+|\n\s*\n|\n- ", filling.fill(one.text, {})):
            assert len(sentence.split()) <= 25, (one.anchor, sentence)


def test_a_clause_is_shown_as_paragraphs_and_lists_and_nothing_else() -> None:
    shown = filling.html("Ask {contact}.\n\nNever:\n\n- <b>this</b>\n- that", {"contact": "press@fernhill.example"})
    assert shown == (
        "<p>Ask press@fernhill.example.</p>\n<p>Never:</p>\n<ul><li>&lt;b&gt;this&lt;/b&gt;</li><li>that</li></ul>"
    )


def test_what_changed_is_told_by_clause_and_word_with_the_rules_affected() -> None:
    one = Words("a", "Way", "Dogs", "Dogs are welcome.", ("A01",))
    two = Words("b", "Way", "Cats", "Cats are welcome.", ("A02",))
    new = Words("a", "Way", "Dogs", "Dogs are always welcome.", ("A01", "V01"))
    found = comparing.changes([one, two], [new, Words("c", "Way", "Birds", "Birds too.", ("A03",))])
    assert [(change.kind, change.clause.anchor) for change in found] == [
        ("changed", "a"),
        ("added", "c"),
        ("removed", "b"),
    ]
    assert [part["words"].strip() for part in found[0].parts if part["kind"] == "added"] == ["always"]
    assert comparing.affected(found) == ["A01", "V01", "A03", "A02"]
    assert comparing.changes([one], [one]) == []


def test_every_refusal_the_code_can_raise_rests_on_a_clause() -> None:
    """The rules that refusals name by class, and those named where they are raised."""
    kinds: list[type[refusals.Refusal]] = [refusals.Refusal, *every_kind(refusals.Refusal)]
    named = {kind.rule for kind in kinds}
    for folder in ("accounts", "policy", "channels_app", "calendar_app", "engagement", "metrics", "config"):
        for file in (settings.BASE_DIR / folder).rglob("*.py"):
            named |= rules_raised(ast.parse(file.read_text(encoding="utf-8")))
    assert {"rights", "complete", "sign_off", "permitted", "second_look"} <= named
    assert named <= set(ruling.REFUSALS)


def every_kind(kind: type[refusals.Refusal]) -> list[type[refusals.Refusal]]:
    return [one for below in kind.__subclasses__() for one in (below, *every_kind(below))]


def rules_raised(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            named = (word.value for word in node.exc.keywords if word.arg == "rule")
            found |= {value.value for value in named if isinstance(value, ast.Constant) and value.value}
    return {str(rule) for rule in found}
