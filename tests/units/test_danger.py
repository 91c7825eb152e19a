"""What sounds like abuse of a person or danger to one, and what does not: all that is heard about a key worker."""

from __future__ import annotations

import pytest

from engagement.listening import danger
from engagement.wordmatch import Text


@pytest.mark.parametrize(
    "text",
    ["I'll kill him", "Somebody should STAB him", "I know where he lives", "we know where you live",
     "useless cow", "what a bastard", "you'll get what’s coming", "there was a threat", "he was attacked",
     "bring a knife", "go back to your country"],
)  # fmt: skip
def test_abuse_and_danger_are_heard(text: str) -> None:
    assert danger.words().found_in(Text(text))


@pytest.mark.parametrize(
    "text",
    ["was very helpful", "the road is stable now", "great skills", "rapeseed in the field", "a photo shoot in the park",
     "acid rain", "petrol is dear", "our begun project", "she lives for the library", "fixed her house",
     "slow and rude, I want to complain"],
)  # fmt: skip
def test_criticism_and_praise_are_not(text: str) -> None:
    assert danger.words().found_in(Text(text)) == ""
