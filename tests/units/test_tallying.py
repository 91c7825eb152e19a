"""What replies to a kick-starter say, and their count: fifty replies against a count by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engagement.hearing import CLEAR, NOTHING, UNCLEAR, read
from engagement.tallying import Said, tally
from tests.factories import NOON

# person, reply, and what a person counting by hand writes down ("?" waits for a person, "" is no answer)
FIFTY = (
    (1, "7", "7"), (2, "8/10", "8"), (3, "ten", "10"), (4, "Seven!", "7"), (5, "a solid 9 from me", "9"),
    (6, "I'd give it a 6", "6"), (7, "On a scale of 1-10 I'd say 4", "4"), (8, "10 out of 10!!", "10"),
    (9, "7️⃣", "7"), (10, "🔟", "10"), (11, "3, because the paths are muddy", "3"), (12, "nine from me", "9"),
    (13, "Lived here 20 years: 7/10", "7"), (14, "7 or 8", "?"), (15, "7-8", "?"), (16, "maybe 6", "?"),
    (17, "7.5", "?"), (18, "11", "?"), (19, "0", "?"), (20, "100%", "?"), (21, "We went 3 times", "?"),
    (22, "two of us would come", "?"), (23, "Why is the gate locked?", ""), (24, "Lovely picture", ""),
    (1, "No, make that 5", "?"), (2, "9", "9"), (2, "2/10", "2"), (25, "8 for the pool, 2 for the car park", "?"),
    (26, "five out of ten", "5"), (27, "4 - too dark at night", "4"), (28, "-5", "?"), (29, "£5", "?"),
    (30, "@fernhill 8 👍", "8"), (31, "1", "1"), (32, "not a 10", "?"), (33, "at least 8", "?"),
    (34, "I rate it 2.", "2"), (35, "(7)", "7"), (36, "8 8 8", "8"), (37, "𝟖", "8"), (38, "11/10", "?"),
    (39, "6ish", "?"), (40, "5 please", "5"), (41, "https://x.example/10", ""), (42, "my score: 7", "7"),
    (43, "half", "?"), (44, "One thing I'd like: toilets", "?"), (45, "1/10 terrible", "1"), (45, "1/10 terrible", "1"),
    (46, "", ""),
)  # fmt: skip

YES_NO = {
    "yes": ("Yes", "yes please", "Aye", "YES YES YES", "Definitely", "👍", "I think so", "it's a yes from me",
            "of course", "Yes, no problem", "strongly agree", "I am all for it", "y", "hell yes", "Sure!",
            "Yep, about time"),
    "no": ("no", "No thanks", "Nope", "nah", "definitely not", "👎", "I don't think so", "It's a no from me", "no way",
           "disagree", "No. The road is too narrow", "no thank you, we have enough", "I'm against it", "No, never",
           "N"),
    "?": ("yes and no", "yes but only in summer", "maybe", "no idea", "no problem", "I said yes last year", "yeah nah",
          "There is no parking", "No one asked us", "Yes?", "not sure", "Yeah right", "if it is free, yes", "why not"),
    "": ("When does it open?", "Lovely", ""),
}  # fmt: skip
DO_DONT = {
    "do": ("Do", "do it", "please do", "Do it!", "go for it", "do, please", "I say do", "Definitely do"),
    "dont": ("Don't", "don’t", "dont", "Please don't", "do not", "DON'T do it", "Leave it alone", "Don't touch it"),
    "?": ("yes", "no", "Don't know", "I don't mind", "Do you have a plan?", "Don't forget the toilets", "do and don't"),
    "": ("nice", "How lovely"),
}  # fmt: skip


def by_hand(shape: str, text: str) -> str:
    found = read(shape, text)
    return {CLEAR: found.value, UNCLEAR: "?", NOTHING: ""}[found.kind]


def said(rows: tuple[tuple[int, str, str], ...]) -> list[Said]:
    return [Said(who, NOON + timedelta(minutes=n), text, n) for n, (who, text, _) in enumerate(rows)]


def test_fifty_replies_are_counted_as_by_hand() -> None:
    assert len(FIFTY) == 50
    last = {who: hand for who, _, hand in FIFTY if hand not in {"?", ""}}
    found = tally("scale", said(FIFTY))
    assert found.values == last
    assert found.counts == {str(n): list(last.values()).count(str(n)) for n in range(1, 11)}
    assert [one.text for one, _ in found.unclear] == [text for _, text, hand in FIFTY if hand == "?"]
    assert [one.text for one in found.without] == [text for _, text, hand in FIFTY if hand == ""]
    assert all(why for _, why in found.unclear)


@pytest.mark.parametrize(("shape", "table"), [("yes_no", YES_NO), ("do_dont", DO_DONT)])
def test_words_that_mean_one_thing_count_and_all_others_wait(shape: str, table: dict[str, tuple[str, ...]]) -> None:
    wrong = {text: got for hand, texts in table.items() for text in texts if (got := by_hand(shape, text)) != hand}
    assert wrong == {}


def test_one_answer_counts_per_person_and_it_is_the_last_clear_one() -> None:
    found = tally("yes_no", said(((1, "yes", ""), (1, "no", ""), (1, "maybe", ""), (2, "yes", ""))))
    assert (found.counts, found.people, len(found.replaced)) == ({"yes": 1, "no": 1}, 2, 1)
    assert found.counted[1].text == "no"


def test_a_persons_reading_outranks_the_rules() -> None:
    rows = [Said(1, NOON, "maybe", 1, "yes"), Said(2, NOON, "yes", 2, "none"), Said(3, NOON, "no", 3)]
    found = tally("yes_no", rows)
    assert (found.counts, len(found.unclear), len(found.without)) == ({"yes": 1, "no": 1}, 0, 1)


def test_an_open_question_is_answered_by_any_words_once_per_person() -> None:
    found = tally("open", said(((1, "Benches", ""), (1, "and shade", ""), (2, " ", ""))))
    assert (found.counts, len(found.without)) == ({"said": 1}, 1)
