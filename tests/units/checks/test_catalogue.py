"""Every rule shows itself: a case it finds, a near miss it lets pass, and words that say why and where from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from policy import checks
from policy.checks import RULES, Draft, Finding, Rule
from policy.checks.catalogue import Case
from policy.checks.house import SITUATIONS, numbers, shipped, word_lists

ROOT = Path(__file__).resolve().parents[3]
RUNS = 1000
WRITTEN = {
    *(f"A{number:02}" for number in range(1, 37)),
    *(f"V{number:02}" for number in range(1, 27)),
    *(f"L{number}" for number in range(1, 13)),
    *("M1", "M2", "H1", "H2", "H3", "P1"),
}
each = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
FOR_A_PERSON = {
    "A07",
    "A08",
    *(f"A{number:02}" for number in (9, 10, 11, 12, 13, 31, 34, 35, 36)),
    "V23",
    "H1",
    "H2",
    "H3",
}


def found(case: Case, rule: Rule) -> list[Finding]:
    return [one for one in checks.check(case.draft, case.context) if one.rule == rule.id]


def test_no_rule_is_missing() -> None:
    assert set(RULES) == WRITTEN
    assert {rule.id for rule in RULES.values() if rule.person} == FOR_A_PERSON


@each
def test_a_rule_finds_its_case_and_lets_the_near_miss_pass(rule: Rule) -> None:
    assert found(rule.fires, rule)
    assert found(rule.near, rule) == []


@each
def test_a_finding_says_what_why_where_from_and_how_else(rule: Rule) -> None:
    for one in found(rule.fires, rule):
        assert (one.words, one.why, one.clause, one.source, one.example) != ("",) * 5
        assert all([one.words, one.why, one.clause, one.source, one.example])
        assert one.level in ("must", "should", "consider")
        assert rule.fires.words or rule.fires.draft.text


@each
def test_the_towns_own_clause_is_named(rule: Rule) -> None:
    context = replace(rule.fires.context, clauses={rule.id: "Policy 3.2"})
    assert {one.clause for one in found(replace(rule.fires, context=context), rule)} == {"Policy 3.2"}


@each
def test_a_rule_that_is_switched_off_is_silent(rule: Rule) -> None:
    house = replace(rule.fires.context.house, off=frozenset([rule.id]))
    case = replace(rule.fires, context=replace(rule.fires.context, house=house))
    assert found(case, rule) == []


@each
def test_fixes_end_the_finding(rule: Rule) -> None:
    draft = rule.fires.draft
    for _ in range(20):
        fixable = [one for one in found(replace(rule.fires, draft=draft), rule) if one.fix]
        if not fixable:
            break
        draft = replace(draft, text=checks.apply(draft.text, fixable[0]))
    left = found(replace(rule.fires, draft=draft), rule)
    assert not [one for one in left if one.fix]
    assert not left or draft == rule.fires.draft


def test_the_same_draft_has_the_same_findings_a_thousand_times() -> None:
    draft, context = everything()
    first = checks.check(draft, context)
    assert len(first) > 10
    for _ in range(RUNS):
        assert checks.check(draft, context) == first


def test_another_process_finds_the_same() -> None:
    """Sets have another order in each process; findings have not."""
    said = {
        subprocess.run(
            [sys.executable, "-c", SAY],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert len(json.loads(said.pop())) > 10


SAY = "from tests.units.checks.test_catalogue import *; said()"


def said() -> None:
    draft, context = everything()
    sys.stdout.write(json.dumps([asdict(one) for one in checks.check(draft, context)], default=str))


def everything() -> tuple[Draft, checks.Context]:
    """A short draft that many rules have something to say about."""
    text = (
        "RESIDENTS are hereby notified 🎉 that Jo Marsh and Ann Marsh will utilise 𝐅𝐑𝐄𝐄 #binday. Mia cycled.\n"
        "We'll fix it by Friday & send us your address, or click here: https://fernhill.example/a 07700 900123"
    )
    context = checks.Context(
        reply=True,
        politicians=frozenset(["Jo Marsh", "Ann Marsh", "Jo", "Ann"]),
        children=frozenset(["Mia", "Kai", "Noa"]),
        facts=frozenset(["a", "b"]),
        situation="election",
    )
    return Draft(text), context


def test_checks_open_no_line_and_read_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a check reached out of its text")

    monkeypatch.setattr("socket.socket.connect", forbidden)
    monkeypatch.setattr("time.time", forbidden)
    for rule in RULES.values():
        checks.check(rule.fires.draft, rule.fires.context)
    for path in (ROOT / "policy" / "checks").glob("*.py"):
        words = path.read_text(encoding="utf-8")
        assert "datetime.now" not in words, path
        assert "date.today" not in words, path
        assert "django" not in words, path


def test_lists_and_thresholds_say_which_rule_they_feed() -> None:
    house = shipped()
    assert {one.rule for one in word_lists().values()} <= set(RULES)
    assert {one.rule for one in numbers().values()} <= set(RULES)
    assert all(one.title and one.help for one in word_lists().values())
    assert len(house.lists["jargon"]) >= 200
    assert set(house.situations) == set(SITUATIONS)
    assert all(
        entry.better
        for name in ("jargon", "hedges", "inclusive")
        for entry in house.lists[name]
        if entry.phrase != "hereby"
    )
    assert all(entry.why for entry in house.lists["inclusive"])


@pytest.mark.parametrize(
    "name", ["jargon", "buzzwords", "idioms", "hedges", "banned", "inclusive", "distance", "passive"]
)
def test_what_is_offered_is_on_no_list_itself(name: str) -> None:
    """A fix that leads to the next finding of its rule leads nowhere."""
    rule = word_lists()[name].rule
    for entry in shipped().lists[name]:
        text = f"Now {entry.better} there."
        again = [one.quote for one in checks.check(Draft(text), checks.Context(reply=True)) if one.rule == rule]
        assert again == [], entry
