"""The trial's voice: the town's own numbers and words, one approved position, and the checks with something to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from accounts.models import User
from accounts.refusals import Refusal
from calendar_app import checking as post_checks
from calendar_app import composing
from calendar_app.models import Post
from calendar_app.words import Sourced, words_of
from engagement import checking, replies, wording
from engagement.models import Conversation
from policy import incidents, judging, positions, setting, voice
from policy.checks.house import Entry
from policy.models import Topic
from policy.positions import Said
from policy.profile import Changes

CONTACTS = ("01632 960 100", "01632 960 102", "0800 111 999", "hello@fernhill.example")
PLACES = ("Mill Pond", "Station Road", "High Street")
OWN_WORDS = Changes(added=(Entry("service users", "people who use it", "Nobody calls themselves that."),))
POSITION = Said(
    subject="Cycle lane in the High Street",
    says="214 people answered. The council votes on 9 December, and until then nothing is settled.",
    words=("cycle lane", "bike lane"),
    never=("the lane is decided", "parking will go"),
    source="Council paper 31/26",
)
SAID = "Yes: the lane is decided since Tuesday, and it is 4 feet wider than planned. The minutes are public."
WHY = "The council voted early, on Tuesday; the minutes are on our site and the position is not changed yet."
ABOUT_IT = "cycl|bike|lane|high street|vote|plan"
SHARP = {
    "kind": "tone",
    "words": "An answer about the missed bins said “read the leaflet”. The resident had asked politely, twice.",
    "place": "Facebook, the answers under the bin calendar",
    "link": "/inbox/",
    "clause": "",
}
ENDED = (
    "Taken down within the hour and answered anew, with an apology.",
    "After the second question: phone, not type.",
)
WRONG_ACCOUNT = {
    "kind": "account",
    "words": "A remark about a football match went out in the council's name. It was meant for a private account.",
    "place": "X",
    "link": "",
    "clause": "",
}
FACT = ("214 answers", "Consultation report, page 3, 12 November 2026")


def settle(manager: User, start: datetime) -> None:
    """The voice as the town made it its own, weeks ago."""
    held = voice.current()
    mine = held.profile.but(contacts=CONTACTS, allowed=PLACES, lists={"banned": OWN_WORDS})
    voice.change(mine, held.n, "Our numbers, our places, and a word we do not like", by=manager, now=start)
    topic = Topic.objects.filter(name="Cycle network").first()
    positions.decide(replace(POSITION, topic=topic), by=manager, now=start)


def leave(staff: dict[str, User], now: datetime) -> None:
    """What the checks said of late, a fact that was checked, and an answer that waits for Ruth with an override."""
    here = setting.at(now)
    for post in Post.objects.whole().filter(dropped_at=None).order_by("-id")[:16]:
        rows = post_checks.of_post(post, here)
        post_checks.note_firings(post, rows, here, now)
        for row in rows[-1:]:
            if row.finding.level != "must":
                judging.dismiss(post_checks.about_post(post), row.finding, by=staff["amara"], now=now)
    _check_a_fact(staff["amara"], now)
    _log_incidents(staff, now)
    fitting = Conversation.objects.filter(state="open", private=False, messages__text__iregex=ABOUT_IT).distinct()
    for conversation in fitting.order_by("-id")[:6]:
        if _ask(conversation, staff["tom"], now):
            return


def _log_incidents(staff: dict[str, User], now: datetime) -> None:
    """One that was settled, with its lesson, and one that is open since this morning."""
    sharp = incidents.log(SHARP | {"noticed_at": now - timedelta(days=1)}, by=staff["tom"], now=now)
    incidents.settle(sharp, *ENDED, by=staff["ruth"], now=now)
    incidents.log(WRONG_ACCOUNT | {"noticed_at": now - timedelta(hours=3)}, by=staff["amara"], now=now)


def _check_a_fact(by: User, now: datetime) -> None:
    draft = Post.objects.whole().filter(placements__state="draft", dropped_at=None).order_by("id").first()
    if draft is not None:
        fact = Sourced(*FACT, checker=str(by.key), at=now.isoformat())
        composing.save(draft, words_of(draft).but(facts=(fact,)), draft.version, by=by, now=now)


def _ask(conversation: Conversation, by: User, now: datetime) -> bool:
    """Answer with words the position forbids, with a reason: it waits for an approver. False where it cannot be."""
    try:
        kept = wording.save(conversation, SAID, by=by, now=now)
        if kept is None:
            return False
        checked = checking.look(kept.parent, kept.text, "", reply=kept, by=by, now=now)
        for finding in checked.musts:
            judging.override(checking.about(kept), finding, WHY, by=by, now=now)
        sent = replies.release(conversation, replies.Sending(SAID), by=by, now=now)
    except Refusal:
        return False
    return sent.state == "in_review"
