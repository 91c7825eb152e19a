"""Whatever is typed: the checks answer, their places lie in the text, and their fixes lead somewhere."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from policy import checks, speech
from policy.checks import Context, Draft
from tests.units.checks.drafts import contexts, drafts, texts

STEPS = 80
calmly = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@calmly
@given(drafts, contexts)
def test_every_finding_has_its_place_in_the_text(draft: Draft, context: Context) -> None:
    for one in checks.check(draft, context):
        for span in (one.span, one.fix and one.fix.span):
            assert span is None or 0 <= span[0] <= span[1] <= len(draft.text), one
        assert one.words, one
        assert one.why, one
        assert one.fix is None or one.fix.span or one.span, one


@calmly
@given(drafts, contexts)
def test_fixes_one_after_another_leave_nothing_of_their_rule_to_fix(draft: Draft, context: Context) -> None:
    for rule in {one.rule for one in checks.check(draft, context) if one.fix}:
        now = draft
        for _ in range(STEPS):
            mine = [one for one in checks.check(now, context) if one.rule == rule]
            fixable = next((one for one in mine if one.fix), None)
            if fixable is None:
                break
            after = replace(now, text=checks.apply(now.text, fixable))
            again = [one for one in checks.check(after, context) if one.rule == rule]
            assert len(again) <= len(mine), (now.text, after.text, fixable)
            assert after.text != now.text, fixable
            now = after
        else:
            raise AssertionError((rule, draft.text, now.text))


@calmly
@given(texts)
def test_every_text_can_be_heard(text: str) -> None:
    for piece in speech.spoken(text):
        assert piece.spoken.strip(), piece
        assert piece.kind == "text" or piece.shown in text, piece
