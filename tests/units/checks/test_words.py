"""What the rules find in words, and what they let pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from config.trial import answers, posts
from policy import checks
from policy.checks import Context, Draft

TODAY = date(2026, 11, 23)  # a Monday
REPLY: dict[str, Any] = {"reply": True}


def rules(text: str, draft: dict[str, Any] | None = None, **facts: Any) -> set[str]:
    return {one.rule for one in checks.check(Draft(text, **(draft or {})), Context(today=TODAY, **facts))}


FOUND: list[tuple[str, str, dict[str, Any]]] = [
    ("A14", "Out by seven. #MILLPOND #freeswimming", {}),
    ("A15", "Join #BinDay tomorrow with us.", {}),
    ("A16", "🎉 The library is open.", {}),
    ("A16", "Open now 🎉🎈🎁🎂", {}),
    ("A16", "✅ Milk\n✅ Bread", {}),
    ("A17", "We 👍 your plan.", {}),
    ("A18", "Ｆｕｌｌ width", {}),
    ("A18", "The ʟɪʙʀᴀʀʏ is open", {}),
    ("A18", "Ⓗello there", {}),
    ("A18", "🅵🆁🅴🅴 entry", {}),
    ("A19", "See you :-)", {}),
    ("A19", "=====\nNews", {}),
    ("A20", "DO NOT GO in there", {}),
    ("A20", "The road is CLOSED.", {}),
    ("A21", "Link in bio for the details", {}),
    ("A21", "https://fernhill.example/bins", {}),
    ("A21", "Look here: https://fernhill.example/missed", {}),
    ("A23", "The LCWP is out.", {}),
    ("A23", "The PCSO is out.", {}),
    ("A24", " ".join(["word"] * 26) + ".", {}),
    ("A25", "word " * 40 + ". " + "word " * 30 + ".", {}),
    ("A26", " ".join(["Accommodation availability notification."] * 40), {"reading": "us"}),
    ("A28", "Soup w/ bread @ 7 pm", {}),
    ("A28", "Walk and/or ride", {}),
    ("A29", "Doors open at 7, see you there.", {}),
    ("A29", "Doors open at 7:30 in the hall.", {}),
    ("A29", "Come on Friday 24 November.", {}),
    ("A29", "The call is at 7 pm.", {"border": True}),
    ("V07", "If you had called us first, it would be done.", REPLY),
    ("V11", "We'll be sending the crew tomorrow.", REPLY),
    ("V11", "You'll receive it by 3 May.", REPLY),
    ("V11", "We will plant 400 trees.", REPLY),
    ("V12", "This matter is before the courts.", REPLY),
    ("V18", "No. ^AB", REPLY),
    ("A29", "The pool opens at 7 am.", {}),
    ("A30", "Avoid the red areas.", {}),
    ("A32", "That is just the tip of the iceberg.", {}),
    ("M1", "Sign up for the walk, and donate to the mill.", {}),
    ("V02", "We are utilising the side door in order to help.", {}),
    ("V02", "We utilize it.", {}),
    ("V03", "The resident’s bin is new.", REPLY),
    ("V04", "The council has heard you.", REPLY),
    ("V05", "Your letter was lost in the post.", {}),
    ("V06", "Apologies for any inconvenience.", {}),
    ("V07", "Had you read the leaflet, you would know.", {}),
    ("V08", "That is not our responsibility.", REPLY),
    ("V09", "Really? The form is CLEARLY marked.", REPLY),
    ("V10", "Simply fill in the form.", {}),
    ("V11", "We will repair the light within 3 working days.", REPLY),
    ("V11", "Your bin will be emptied tomorrow.", REPLY),
    ("V11", "We guarantee a place.", {}),
    ("V11", "On Friday we will mend it.", REPLY),
    ("V11", "I passed it to our street lighting team who will be in touch by Friday.", REPLY),
    ("V12", "There is an ongoing case about that.", {}),
    ("V12", "In Marsh v. Town of Fernhill we say nothing.", {}),
    ("V12", "The claimant, Mrs Marsh, was here.", {}),
    ("V14", "Vote Labour on Thursday.", {}),
    ("V14", "Congratulations to Councillor Marsh!", {}),
    ("V14", "Jo Marsh opened the library.", {"politicians": frozenset(["Jo Marsh"]), "situation": "election"}),
    (
        "V14",
        "Jo Marsh opened the library.",
        {"politicians": frozenset(["Jo Marsh"]), "window": (date(2026, 11, 1), date(2026, 11, 23))},
    ),
    ("V14", "The Green Party wants it.", {"parties": frozenset(["Green Party"])}),
    ("V16", "What is your postcode?", REPLY),
    ("V16", "Could you tell us your full name and address?", REPLY),
    ("V18", "That is not possible.", REPLY),
    ("V19", "Bin day is Tuesday. ^AB", {**REPLY, "sign_off": "^AB"}),
    ("V21", "It could potentially rain.", {}),
    ("V22", "The chairman speaks.", {}),
    ("V23", "It cost £3.2 million.", {"facts": frozenset()}),
    ("V23", "It opens on 3 May.", {"facts": frozenset()}),
    ("V24", "Fun fact: a woman was injured here.", {}),
    ("V25", "Tag a friend who needs this!", {"network": "instagram"}),
    ("V25", "RT if you want this", {"network": "x"}),
    ("P1", "Kai lives on Mill Lane with two cats.", {"people_behind": True}),
    ("P1", "Mia won the race.", {"children": frozenset(["Mia"])}),
    ("P1", "She jogs there: every morning she runs along the pond.", {"people_behind": True}),
]
PASSED: list[tuple[str, str, dict[str, Any]]] = [
    ("A14", "Out by seven. #bins #MillPond #zzyzxq", {}),
    ("A15", "Out by seven. #BinDay https://fernhill.example/bins 🎉", {}),
    ("A16", "The library is open. 🎉 Come by soon 🎈", {}),
    ("A17", "Well done 👏 and thank you", {}),
    ("A18", "Zażółć gęślą jaźń, Ünïcode ½ ℃ 5 km² ™ ℹ️", {}),
    ("A19", "10 - 12 am (Tuesday - Friday) ... https://fernhill.example/a--b==c", {}),
    ("A20", "The DVLA and the NHS. A TV", {}),
    ("A20", "The plan (LCWIP) is out.", {}),
    ("A21", "All papers are here: https://fernhill.example/papers", {}),
    ("A22", "One: https://fernhill.example/a, again https://fernhill.example/a", {}),
    ("A23", "The local plan (LDP) and the BBC. The LDP is out. ^AB", {}),
    ("A21", "Missed bins can be reported here: https://fernhill.example/missed", {}),
    ("A23", "Do NOT feed the ducks, USE the bins, route X9 and A38.", {}),
    ("A24", " ".join(["word"] * 25) + ".", {}),
    ("A24", "Dr. Amin meets you at St. Anne's, e.g. on Mondays. " + "word " * 15 + ".", {}),
    ("A26", "Accommodation availability notification.", {}),
    ("A26", " ".join(["We met at the pond and had tea."] * 20), {"reading": "us"}),
    ("A28", "Q&A, M&S, R&B and 24/7. See C++ < that.", {}),
    ("A29", "Open 24/7. Doors at 7 pm, or 19:30. On Monday 23 November 2026.", {}),
    ("A29", "The call is on Monday at 7 pm BST.", {"border": True}),
    ("A29", "The call is on Monday at 7 pm GMT.", {"border": True}),
    ("A29", "Open 9:30–13:00 on Monday.", {}),
    ("A29", "Come at 6 to 8 pm on Monday.", {}),
    ("A29", "The pool opens at 7 am every day.", {}),
    ("A30", "The red kite is back; the red brick wall too.", {}),
    ("A32", "The parachute base is open; do not touch.", {}),
    ("M1", "Sign up for the walk. Register by Friday.", {}),
    ("M1", "We share your worry. They report back, and we call back.", {}),
    ("M2", "Closed on Monday: the bridge. " + "word " * 40, {}),
    ("V01", "We noted that the public library is open.", {}),
    ("V02", "The Agenda Café and the Utilise Trust are open.", {}),
    ("A27", "Become a foster carer.", {}),
    ("V03", "The resident must show it.", {}),
    ("V03", "We spoke with the residents of Mill Lane.", REPLY),
    ("V02", "Your request is here, on the retaining wall.", {}),
    ("A32", "The green light at the crossing is out; take it out of the blue bin.", {}),
    ("A27", "Unlock the gate with your fishing tackle.", {}),
    ("V12", "Free and confidential advice from a nurse.", {}),
    ("V12", "The bus service has been suspended.", {}),
    ("V22", "The disabled bay and the deaf community.", {}),
    ("V25", "Our love for the river, like for like.", {"network": "facebook"}),
    ("M1", "Watch out for ice. Book club is on Friday. Volunteer week is near. Enter by the side door.", {}),
    ("V16", "What's your number one tip? Join in with your phone.", {}),
    ("V16", "Tell us your postcode here: https://fernhill.example/bins", {}),
    ("V04", "The council will look at it.", {}),
    ("V05", "We lost your letter by mistake.", {}),
    ("V05", "The road was closed by the storm.", {}),
    ("V06", "We are sorry that we let you wait. If you like, call us.", {}),
    ("V07", "You should have your new bin soon.", {}),
    ("V08", "That is not our responsibility: the road is run by the county.", REPLY),
    ("V09", "Clearly marked, thank you!", REPLY),
    ("V09", "Obviously wrong!! Clearly.", {}),
    ("V10", "The pool has only just opened; it is simply lovely.", {}),
    ("A14", "See #fernhillmill", {"town": "Tamworth"}),
    ("A20", "The PCSO and the RSPCA are there.", {}),
    ("V11", "You will have seen our post on Monday.", REPLY),
    ("V11", "You will have to move your car by Friday.", REPLY),
    ("V11", "You'll get to see the mill on Saturday.", REPLY),
    ("V11", "We will be closing the road on Monday.", REPLY),
    ("V18", "No, it is open on Monday.", REPLY),
    ("V11", "Will you get that fixed by Friday?", REPLY),
    ("V11", "We will be closed on Monday.", REPLY),
    ("V11", "It goes to the meeting on Friday, and we will tell you here.", REPLY),
    ("V11", "We hope to mend it by Friday.", REPLY),
    ("V11", "The library will open on Friday at 9 am.", {}),
    ("V11", "We'll mend it by Friday.", {**REPLY, "promised": frozenset([date(2026, 11, 27)])}),
    ("V11", "We'll never ask for your bank details.", REPLY),
    ("V12", "The case is closed: the box is back.", {}),
    ("V13", "The pool is a done deal.", {}),
    ("V14", "Vote for your favourite. The mayor's parlour is open. Party in the park!", {}),
    ("V14", "Jo Marsh opened the library.", {"politicians": frozenset(["Jo Marsh"])}),
    (
        "V14",
        "Jo Marsh opened the library.",
        {"politicians": frozenset(["Jo Marsh"]), "window": (date(2026, 11, 1), date(2026, 11, 22))},
    ),
    ("V16", "Please send us your address in a private message.", REPLY),
    ("V16", "Never send your card number to anybody.", REPLY),
    ("V16", "What is your idea for the square?", REPLY),
    ("V16", "Please send us your address.", {**REPLY, "public": False}),
    ("V17", "Noted.", REPLY),
    ("V18", "We are unable to say that here. Please call us.", REPLY),
    ("V18", "Sorry, we can't, because the crew is on the barrier.", REPLY),
    ("V18", "We cannot. You can ask the county: https://county.example/roads", REPLY),
    ("V19", "Bin day is Tuesday.", {**REPLY, "sign_off": "^AB"}),
    ("V20", "We we we we we.", {}),
    ("V21", "It may rain; possibly not.", {}),
    ("V22", "The chair is blind to that, poor thing.", {}),
    ("V23", "It cost £3.2 million and opens on 3 May.", {"facts": frozenset(["£3.2 million, budget book", "3 May"])}),
    ("V23", "It cost £3.2 million.", {}),
    ("V24", "Fun fact: the mill is 300 years old 🎉", {}),
    ("V25", "Tag a friend who needs this!", {"network": "mastodon"}),
    ("V25", "Tag a friend who needs this!", {}),
    ("V25", "Missing child: share this if you know the area.", {"network": "facebook"}),
    ("V26", "Thank you.", {**REPLY, "earlier": ("Thank you.", "Come on Friday.", "Call us.", "Thank you.")}),
    ("P1", "Our daughter Mia won the race.", {}),
    ("P1", "Kai lives for music.", {"people_behind": True}),
]


@pytest.mark.parametrize(("rule", "text", "facts"), FOUND)
def test_it_is_found(rule: str, text: str, facts: dict[str, Any]) -> None:
    assert rule in rules(text, **facts)


@pytest.mark.parametrize(("rule", "text", "facts"), PASSED)
def test_it_is_let_pass(rule: str, text: str, facts: dict[str, Any]) -> None:
    assert rule not in rules(text, **facts)


@pytest.mark.parametrize(
    ("text", "better", "facts"),
    [
        ("Utilising it helps.", "Using it helps.", {}),
        ("This is an amendment.", "This is a change.", {}),
        ("ROAD CLOSED today. STAY back", "Road closed today. Stay back", {}),
        ("Cake & tea @ 3 pm", "Cake and tea at 3 pm", {}),
        ("We'll get that fixed by Friday.", "We aim to get that fixed by Friday.", REPLY),
        ("Our crew will mend it tomorrow.", "Our crew aims to mend it tomorrow.", REPLY),
        ("Your bin will be emptied tomorrow.", "Your bin should be emptied tomorrow.", REPLY),
        ("Please send us your address.", "Please message us privately with your address.", REPLY),
        ("What is your postcode?", "Please message us privately with your postcode.", REPLY),
        ("You'll have your bin by Tuesday.", "You should have your bin by Tuesday.", REPLY),
        ("Residents must bring a permit.", "You must bring a permit.", REPLY),
        ("See #fernhillmill", "See #FernhillMill", {"town": "Fernhill"}),
        ("Just fill in the form.", "Fill in the form.", {}),
        ("Mistakes were made.", "We made mistakes.", {}),
        ("We are sorry you feel ignored.", "We are sorry that we made you feel ignored.", {}),
        ("Sorry, but you were late.", "Sorry. You were late.", {}),
        ("It is closed. You failed to call. Come on Monday.", "It is closed. Come on Monday.", {}),
        ("Hello. We admit liability. We call you.", "Hello. We call you.", {}),
        ("Fun fact: a woman was injured.", "A woman was injured.", {}),
        ("Places were allocated. We allocated ten.", "Places were given. We gave ten.", {}),
        ("An additional bin", "An extra bin", {}),
        ("I ❤️ trees", "I love trees", {}),
        ("The 🎉 day 🎉 is here.", "The day is here. 🎉", {}),
        ("Come on Friday 24 November.", "Come on Tuesday 24 November.", {}),
        ("It is on 03/04/2027.", "It is on 3 April 2027.", {"day_first": True}),
        ("It is on 03/04/2027.", "It is on March 4, 2027.", {"day_first": False}),
        ("The ASB team", "The antisocial behaviour (ASB) team", {}),
        ("More trees! Share if you agree", "More trees! What would you add?", {"network": "facebook"}),
        ("The council will look at it.", "We will look at it.", REPLY),
        ("The applicant’s form is here.", "Your form is here.", REPLY),
    ],
)
def test_the_fix_reads_well(text: str, better: str, facts: dict[str, Any]) -> None:
    context = Context(today=TODAY, **facts)
    for _ in range(10):
        fixable = [one for one in checks.check(Draft(text), context) if one.fix]
        if not fixable:
            break
        text = checks.apply(text, fixable[0])
    assert text == better


def test_a_phrase_is_told_once_and_its_words_only_where_nothing_is_said_of_the_phrase() -> None:
    draft = Draft("Residents are hereby notified that the pool is closed.")
    assert [one.rule for one in checks.check(draft, Context(today=TODAY))] == ["V01"]
    house = replace(Context().house, off=frozenset(["V01"]))
    assert {one.rule for one in checks.check(draft, Context(today=TODAY, house=house))} == {"V02"}


def test_begging_once_is_told_once() -> None:
    found = checks.check(Draft("More trees! Share if you agree!"), Context(today=TODAY, network="facebook"))
    assert [one.rule for one in found] == ["V25"]


def test_two_calls_and_a_long_sentence_are_two_findings_that_name_their_sentences() -> None:
    long = "Please remember that " + "the bridge and the road and the path by the mill are closed " * 3 + "on Monday."
    text = f"Book your place by noon on Friday. {long} Donate to the mill."
    found = [one for one in checks.check(Draft(text), Context(today=TODAY)) if one.rule in ("M1", "A24")]
    assert [one.rule for one in found] == ["A24", "M1"]
    assert [text[slice(*one.span)] for one in found if one.span] == [long, "Donate to the mill."]


SEEDED = [draft.text for draft in (*posts.WEEKLY, *posts.DRAFTS, *posts.COMING)]
ANSWERED = [text for _, row in answers.ANSWERS for text in row] + [*answers.TO_UNHAPPY, *answers.OTHERWISE]
OURS = frozenset(["01632 960 100", "01632 960 101", "01632 960 102"])


@pytest.mark.parametrize("text", SEEDED)
def test_what_the_trial_town_posts_goes_out(text: str) -> None:
    found = checks.check(Draft(text), Context(network="facebook", today=TODAY, own_contacts=OURS))
    assert not checks.stops(found), found


@pytest.mark.parametrize("text", ANSWERED)
def test_what_the_trial_town_answers_goes_out(text: str) -> None:
    found = checks.check(Draft(text), Context(reply=True, network="facebook", today=TODAY, own_contacts=OURS))
    assert not checks.stops(found), found
