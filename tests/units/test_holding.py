"""What an election or mourning holds back, by kind, topic, word, name and picture."""

from __future__ import annotations

import pytest

from policy import holding
from policy.holding import ELECTION, MOURNING, Facts, Named, Rules

AMES = Named("Councillor Ames", "politician", ("Cllr Ames", "Ruby Ames"), frozenset({"pic-1"}))
GREENS = Named("Fernhill Greens", "party")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(texts=("“A fine new bench,” said Councillor Ames.",)), "It names Councillor Ames, a politician."),
        (Facts(texts=("RUBY  AMES opened the bench.",)), "It names Councillor Ames, a politician."),
        (Facts(texts=("Cllr\nAmes opened it.",)), "It names Councillor Ames, a politician."),
        (Facts(alts=("Ruby Ames cuts a ribbon",)), "A picture shows Councillor Ames, a politician."),
        (Facts(pictures=frozenset({"pic-1"})), "A picture shows Councillor Ames, a politician."),
        (Facts(texts=("Fernhill Greens hold a meeting",)), "It names Fernhill Greens, a party."),
        (Facts(texts=("Vote for the new bench",)), "It says “vote for”."),
        (Facts(texts=("Ruby Amesbury runs the bakery. The voters' forum meets.",)), ""),
        (Facts(texts=("The bin is collected on Friday.",), alts=("A green bin",)), ""),
    ],
)
def test_an_election_holds_names_pictures_and_slogans(facts: Facts, words: str) -> None:
    assert (holding.reasons(facts, ELECTION, [AMES, GREENS]) or [""])[0] == words


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        (Facts(kind="question", kind_words="Question"), True),
        (Facts(kind="behind", kind_words="Behind the scenes"), True),
        (Facts(kind="service", kind_words="Service change", texts=("The office is closed on Monday.",)), False),
        (Facts(kind="news", texts=("Win a hamper!",)), True),
        (Facts(kind="news", texts=("The book of condolence is at the town hall.",)), False),
        (Facts(kind="news", texts=("The window is mended; the winner was told.",)), False),
    ],
)
def test_mourning_holds_humour_and_promotion(facts: Facts, held: bool) -> None:
    assert bool(holding.reasons(facts, MOURNING)) is held


def test_the_towns_own_rules_come_from_data_and_go_back_to_it() -> None:
    rules = Rules.of({"kinds": ["quote"], "topics": ["Planning"], "words": ["bypass"], "names": True})
    assert Rules.of(rules.as_json()) == rules
    assert holding.reasons(Facts(topic="Planning"), rules) == ["Posts about “Planning” are held."]
    assert holding.reasons(Facts(topic="Parks", texts=("The by-pass",)), rules) == []
    assert holding.reasons(Facts(texts=("Ames",)), Rules()) == []
