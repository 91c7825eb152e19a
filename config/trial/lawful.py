"""What residents of Fernhill asked for by law: one request that is with its officer, one that nobody has looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.emulator.client import Emulator
from config.trial.desk_life import Desk
from engagement.models import LegalRequest
from engagement.statutory import handling

ASKED = (
    ("mastodon", "jo_at_27", "Freedom of information request: what did the new crossing cost, and who was paid?"),
    ("x", "n_ash", "I want to make a formal complaint about how I was spoken to at the town hall on Monday."),
    ("mastodon", "cafe_corner", "A van of yours took my sign off the wall. Who do I send a claim for damages to?"),
)
NOTE = "The papers are with the engineers; the contract is on the register of the council already."
LETTER = "Settled by the insurers; the letter is in the legal file of this week."


def ask(emulator: Emulator) -> None:
    for platform, who, words in ASKED:
        emulator.say(platform, words, by=who)


def work_through(desk: Desk, now: datetime) -> None:
    """Of the three that were read this morning one is handed on, one is settled, and one waits to be looked at."""
    amara, dev = desk.staff["amara"], desk.staff["dev"]
    for one in LegalRequest.objects.filter(state="suggested", kind="information")[:1]:
        handling.confirm(one, by=amara, now=now + timedelta(seconds=1))
        handling.hand(one, handling.officer_for(one, now) or dev, NOTE, by=amara, now=now + timedelta(seconds=2))
    for one in LegalRequest.objects.filter(state="suggested", kind="claim")[:1]:
        handling.confirm(one, by=amara, now=now + timedelta(seconds=1))
        handling.settle(one, "elsewhere", LETTER, by=amara, now=now + timedelta(seconds=2))
