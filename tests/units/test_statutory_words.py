"""Sixty comments that are or are no legal request: nearly all of those that are, are suggested; few others are."""

from __future__ import annotations

from datetime import date

import pytest

from engagement.statutory.recognising import found
from policy import packs, requests

ARE = [
    ("england", "information", "This is a freedom of information request: what did the new logo cost?"),
    ("england", "information", "FOI please. How many parking fines in 2025?"),
    ("england", "information", "I request copies of all emails between the leader and the developer"),
    ("england", "information", "EIR request: air quality readings for Mill Road since 2022"),
    ("scotland", "information", "Under FOISA, how much was spent on consultants?"),
    ("wales", "information", "Cais am wybodaeth: faint gostiodd y bont newydd?"),
    ("us", "information", "Public records request for the police overtime, thanks"),
    ("us", "information", "Is this how I send a sunshine request?"),
    ("us", "information", "FOIA: all contracts with the paving company"),
    ("alberta", "information", "I want to make a FOIP about the arena deal"),
    ("new-brunswick", "information", "Demande d\u2019acc\u00e8s: les co\u00fbts de la patinoire"),
    ("australia", "information", "GIPA for the swimming pool tender"),
    ("england", "subject_access", "Subject access request: send me everything with my name on it"),
    ("england", "subject_access", "What data do you... I want all the information you hold about me"),
    ("england", "subject_access", "Please send a copy of my data"),
    ("england", "subject_access", "I would like to see everything you have on me, under GDPR"),
    ("wales", "subject_access", "DSAR: I am entitled to it within a month"),
    ("eu", "subject_access", "Ich verlange Auskunft nach Art 15 DSGVO"),
    ("eu", "subject_access", "I use my right of access, when do I hear from you?"),
    ("england", "erasure", "Delete all my data, I have the right to erasure"),
    ("england", "erasure", "Remove my personal details from your newsletter system now"),
    ("eu", "erasure", "I ask for the right to be forgotten"),
    ("england", "complaint", "I want to make a formal complaint about the way I was spoken to"),
    ("england", "complaint", "How do I complain about a councillor?"),
    ("england", "complaint", "I am deeply dissatisfied with your answer and want it reviewed"),
    ("england", "complaint", "Very unhappy with how you handled my mother's care, I expect a written response"),
    ("england", "complaint", "I will go to the Ombudsman with this"),
    ("wales", "complaint", "Rwyf am wneud cwyn ffurfiol"),
    ("scotland", "complaint", "Taking this to the SPSO"),
    ("england", "claim", "Your pothole broke my axle, I claim compensation"),
    ("england", "claim", "You will hear from my solicitor"),
    ("us", "claim", "How do I file a notice of claim for my car?"),
    ("england", "claim", "Who do I send a claim for damages to?"),
    ("england", "safeguarding", "The little boy next door is being beaten, I hear it every night"),
    ("england", "safeguarding", "I think a child is at risk in that house"),
    ("wales", "language", "Can I have this in Welsh please?"),
    ("wales", "language", "Atebwch yn Gymraeg os gwelwch yn dda"),
    ("new-brunswick", "language", "En fran\u00e7ais s\u2019il vous pla\u00eet"),
]
ARE_NOT = [
    "When is the bin collected in Mill Road?",
    "Where is the tourist information?",
    "For your information, the bus was late again",
    "The street lamp outside number 4 is out",
    "Complete waste of money if you ask me",
    "You never answer, useless clowns",
    "Thank you for the lovely market on Saturday!",
    "Is it true the pool closes for good?",
    "My bins were not collected, third week running",
    "What time does the library open on bank holidays?",
    "Great to see our data centre opening in town",
    "Can you delete this post, the date is wrong?",
    "I claim the first seat at the concert!",
    "The foil on the roof is loose",
    "A huge pothole by the school gate, please fix",
    "This page is a joke, sort it out",
    "Free access to the park all summer, brilliant",
    "The council should listen to us about the crossing",
    "Love the new playground, my son hits the swings every day",
    "Where can I learn Welsh cakes baking?",
    "Who is the officer for allotments?",
    "Please answer my question from Tuesday",
]


def test_there_are_sixty() -> None:
    assert len(ARE) + len(ARE_NOT) == 60


def test_nearly_all_that_are_requests_are_suggested_as_what_they_are() -> None:
    missed = [(kind, text) for pack, kind, text in ARE if kind not in found(text, pack)]
    assert len(missed) <= len(ARE) * 0.05, missed


def test_few_of_the_others_are() -> None:
    wrong = [(text, hits) for text in ARE_NOT if (hits := found(text, "england"))]
    assert len(wrong) <= len(ARE_NOT) * 0.1, wrong


def test_the_words_that_say_so_are_told() -> None:
    assert found("An FOI request, please", "england") == {"information": "foi"}


def test_words_of_one_law_mean_nothing_under_another() -> None:
    assert found("Under FOISA please", "scotland")
    assert found("Under FOISA please", "us") == {}


@pytest.mark.parametrize("pack", sorted(packs.names()))
def test_every_pack_has_words_for_every_kind_and_a_receipt(pack: str) -> None:
    for kind in requests.KINDS:
        assert requests.words(pack)[kind]
        told = requests.receipt(pack, kind, date(2026, 11, 18))
        assert told.endswith(".")
        assert "{" not in told
    assert set(packs.read(pack).requests) <= set(requests.KINDS)


@pytest.mark.parametrize(
    ("pack", "kind", "received", "due"),
    [
        ("england", "information", date(2026, 12, 18), date(2027, 1, 21)),  # over Christmas and New Year in all nations
        ("england", "subject_access", date(2027, 1, 31), date(2027, 3, 1)),  # a month on is a Sunday
        ("england", "erasure", date(2026, 11, 18), date(2026, 12, 18)),
        ("england", "complaint", date(2026, 11, 18), date(2026, 12, 2)),
        ("england", "claim", date(2026, 11, 18), None),
        ("us", "information", date(2026, 11, 18), None),
        ("none", "information", date(2026, 11, 18), None),
    ],
)
def test_the_laws_day_is_the_packs(pack: str, kind: str, received: date, due: date | None) -> None:
    assert requests.due_on(pack, kind, received) == due


def test_alberta_counts_thirty_business_days() -> None:
    assert requests.due_on("alberta", "information", date(2026, 11, 18)) == date(2026, 12, 31)


def test_where_a_comment_is_no_way_to_ask_the_receipt_shows_the_way_and_closes_nothing() -> None:
    told = requests.receipt("us", "information", date(2026, 11, 18), contact="records@fernhill.example")
    assert requests.refusable("us", "information", date(2026, 11, 18))
    assert "records@fernhill.example" in told
    assert not requests.refusable("england", "information", date(2026, 11, 18))
