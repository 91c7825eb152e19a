"""How Fernhill's officers answer: by the words in the resident's message, in a few voices, signed with initials."""

from __future__ import annotations

import random
from collections.abc import Sequence

ANSWERS: Sequence[tuple[Sequence[str], Sequence[str]]] = (
    (
        ("gas", "wall has come down", "wire", "flood", "smoke"),
        (
            "Please keep away and call 999 now, or 0800 111 999 for gas. We have sent our duty officer too.",
            "Thank you for telling us. Our duty crew is on the way; please stay well back and call 999 if anybody is hurt.",
        ),
    ),
    (
        ("bin", "lid", "recycl", "collect", "pizza"),
        (
            "Sorry about that. The crew comes back tomorrow before noon, so please leave them out.",
            "Check your day by street: https://fernhill.example/bins. Does it match your leaflet?",
            "Thank you for telling us. I have asked the depot why and will write here when I know.",
        ),
    ),
    (
        ("pothole", "resurfac", "road", "pavement", "light", "crossing", "grit", "diversion", "puddle"),
        (
            "Thank you, that is on the list for this week. We will write here when it is done.",
            "I have passed this to the roads team with your words. They look at it within two working days.",
            "Sorry, we can't move the date: the water company has the road until Friday. Buses 4 and 11 go round.",
        ),
    ),
    (
        ("tax", "bill", "pay", "support", "fine", "money"),
        (
            "We can look at that with you. Please call 01632 960 102, and have the letter at hand; they are kind.",
            "You may get help with that: it takes ten minutes to check at https://fernhill.example/support.",
        ),
    ),
    (
        ("plan", "dairy", "object", "consult", "vote", "decision", "asked us", "how our answers"),
        (
            "All papers are here, with the closing date on top: https://fernhill.example/planning. Do ask if one is unclear.",
            "A fair question. Of 214 answers, 131 asked for benches and shade, and both are in the plan that goes to the vote.",
        ),
    ),
    (
        ("library", "warm room", "book", "open", "shut", "pool", "leisure"),
        (
            "Open until six on weekdays and one on Saturdays. The website was wrong and is mended now, thank you.",
            "No need to book, just come. There is a ramp at the side door.",
        ),
    ),
    (
        ("on hold", "form", "permit", "crash", "lift"),
        (
            "Forty minutes is not good enough, sorry. Tell us here what it is about, and somebody rings you back.",
            "Thank you. The form is fixed since this morning; what you had typed is kept for a week.",
        ),
    ),
    (
        ("could we", "what about", "idea", "why not", "seat", "tap"),
        (
            "Good idea. It goes to the parks meeting next Wednesday, and we will tell you here what came of it.",
            "We like that. It needs about £900, which is in reach. May we name you when we ask for it?",
        ),
    ),
    (
        ("thank", "lovely", "well done", "diolch", "merci", "danke", "gracias", "obrigad", "dzięk", "дякую"),
        ("That is kind, we will pass it on to the crew.", "Thank you! It made the team's morning."),
    ),
)
STILL_UNHAPPY = ("already tried", "last month", "weeks ago", "nothing will happen", "not answer my", "bumping", "news")
TO_UNHAPPY = (
    "You are right to ask again, and I am sorry. I have rung the team myself; they will write here by Thursday.",
    "That is on us. The job has a number now, 4471, and my name on it; ask for me at 01632 960 100.",
    "Sorry, we can't do it this month, and here is why: the crew is on the flood barrier until the 30th.",
)
OTHERWISE = (
    "Thank you for writing. I have asked the right team and will come back to you here.",
    "Good question. Give us a moment to check, we do not want to guess.",
    "Thank you. Could you tell us roughly where that is, so that we send the right people?",
)
IN_PRIVATE = (
    "Thank you for writing to us privately. A colleague will look at it today; please do not send any more numbers here.",
    "We are sorry to hear that. May we ring you this afternoon? Please tell us a good time.",
)
NO_REPLY = ("thank", "lovely", "appreciated", "brilliant", "tabby", "panto", "selling", "row f")


def answer(text: str, private: bool, dice: random.Random) -> str:
    """Words that fit the resident's message; always at most 240 characters."""
    if private:
        return dice.choice(IN_PRIVATE)
    heard = text.lower()
    if any(word in heard for word in STILL_UNHAPPY):
        return dice.choice(TO_UNHAPPY)
    for words, answers in ANSWERS:
        if any(word in heard for word in words):
            return dice.choice(answers)
    return dice.choice(OTHERWISE)


def needs_none(text: str) -> bool:
    """Whether staff would close this without an answer."""
    heard = text.lower()
    return any(word in heard for word in NO_REPLY) and "?" not in heard
