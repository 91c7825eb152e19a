"""What Fernhill's staff do, through the same functions as the pages: write, sign, publish, read, answer, count."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q

from accounts.models import Town, User
from accounts.refusals import Refusal
from calendar_app import composing, releasing, scheduling, signoff, wording
from calendar_app.carrying import Consent, Quote
from calendar_app.models import Campaign, Placement, Post
from calendar_app.words import Alt, Words
from channels_app import media, outbox
from channels_app.models import Channel, Cursor, Media
from config.trial import answers, cast, pictures
from config.trial.posts import IDEAS, QUOTED, Draft
from config.trial.programme import Planned
from engagement import handling, intake, rechecking, replies
from engagement.models import Conversation, Label, Message
from metrics import collecting
from policy.models import Objective, Topic

LETTERS = {"x": "x", "f": "facebook", "m": "mastodon"}
READ_COMMENTS_FOR = timedelta(days=2)
BY_WORD = {"bin": "Bins", "lid": "Bins", "road": "Roads", "pothole": "Roads", "plan": "Planning", "thank": "Praise"}


@dataclass
class Desk:
    """The staff at work; `dice` decides who takes what and how soon, the same for the same seed."""

    dice: random.Random
    town: Town
    staff: dict[str, User]
    channels: dict[str, Channel]
    drawn: dict[str, Media] = field(default_factory=dict)

    # Writing

    def picture(self, name: str, now: datetime) -> Media:
        """The drawing of this name in the media library, uploaded once."""
        if name not in self.drawn:
            upload = SimpleUploadedFile(f"{name}.png", pictures.picture(name), "image/png")
            self.drawn[name] = media.take(upload, by=self.staff["amara"], now=now)
        return self.drawn[name]

    def write(self, draft: Draft, by: User, now: datetime) -> Post:
        """A new post with a placement on each of the draft's channels."""
        aims = list(Objective.objects.order_by("id"))
        words = Words(
            text=draft.text,
            kind=draft.kind,
            topic=Topic.objects.get(name=draft.topic),
            campaign=Campaign.objects.filter(name=draft.campaign).first(),
            objective=aims[1] if draft.kind == "question" else self.dice.choice(aims),
            benefit=draft.benefit,
            language="en",
            own={str(self.channels[LETTERS[one]].key): "" for one in draft.channels},
            pictures=(Alt(str(self.picture(draft.picture, now).key), pictures.ALT[draft.picture]),)
            if draft.picture
            else (),
            quote=Quote(*QUOTED) if draft.kind == "quote" else Quote(),
            consent=self.agreed(draft, by, now),
        )
        return composing.create(words, by=by, now=now)

    def agreed(self, draft: Draft, by: User, now: datetime) -> Consent:
        """Staff who are shown at their work have agreed; of an idea nobody was asked yet."""
        if draft.kind != "behind" or draft in IDEAS:
            return Consent()
        return Consent("The colleagues named, by e-mail to the desk", safe=True, by=str(by.key), at=now.isoformat())

    def plan(self, planned: Planned, now: datetime, *, by: str = "") -> Post:
        """Write it and schedule it; what an officer or a correction needs signed is signed by Ruth the hour after."""
        author = self.staff[by or self.dice.choice(("amara", "amara", "tom"))]
        post = self.write(planned.draft, author, now)
        at = releasing.moment(planned.wall, self.town.zone, 0, now)
        outcome = scheduling.schedule(post, list(post.placements.all()), at, by=author, now=now)
        for placement in outcome.asked:
            self.sign(placement, min(now + timedelta(hours=1), at.due_at - timedelta(minutes=5)))
        return post

    def sign(self, placement: Placement, now: datetime) -> None:
        placement.refresh_from_db()
        signoff.approve(placement, wording.content_hash(placement), by=self.staff["ruth"], now=now)

    # Reading

    def read(self, now: datetime, *, back: timedelta = READ_COMMENTS_FOR, reach: timedelta | None = None) -> None:
        """Poll what people wrote: all streams, and the comments of posts that are young or talked about.

        `back` is how old a post may be for that, `reach` how far the walk goes back in each stream.
        """
        self._poll(Cursor.objects.filter(channel__state="ok", root=""), now, reach)
        lively = Conversation.objects.filter(last_at__gt=now - READ_COMMENTS_FOR).exclude(root_id="")
        wanted = Q(root_at__gt=now - back) | Q(root__in=lively.values("root_id"))
        self._poll(Cursor.objects.filter(wanted, channel__state="ok").exclude(root=""), now, reach)

    def _poll(self, cursors: object, now: datetime, reach: timedelta | None) -> None:
        for pk in cursors.values_list("pk", flat=True):  # type: ignore[attr-defined]
            intake.poll(pk, now, reach=reach)

    # Answering

    def answer(self, now: datetime, *, eagerness: float) -> None:
        """Work through what waits: each conversation is dealt with by chance `eagerness`, more likely when it is old."""
        waiting = Conversation.objects.filter(state="open", unanswered_since__isnull=False).order_by("due_at")
        for conversation in waiting.select_related("channel__scope"):
            age = (now - conversation.unanswered_since).total_seconds() / 86_400  # type: ignore[operator]
            if self.dice.random() < eagerness + 0.25 * min(age, 1):
                self.deal_with(conversation, now)

    def deal_with(self, conversation: Conversation, now: datetime) -> None:
        asked = conversation.messages.filter(ours=False, gone_at=None).select_related("person").order_by("-at").first()
        if asked is None:
            return
        who = self.staff[self.dice.choice(("amara", "tom", "tom"))]
        self._label(conversation, asked.text, who, now)
        if answers.needs_none(asked.text) and self.dice.random() < 0.85:
            handling.close(conversation, "thanks", by=who, now=now)
            return
        if self.dice.random() < 0.12:
            handling.note(conversation, self.dice.choice(cast.NOTES), by=who, now=now)
        text = self._addressed(asked) + answers.answer(asked.text, conversation.private, self.dice)
        try:
            replies.release(conversation, replies.Sending(text, close_after=self.dice.random() < 0.93), by=who, now=now)
        except Refusal:
            handling.assign(conversation, who, by=who, now=now)

    def _addressed(self, asked: Message) -> str:
        """Most answers open with the person's first name, as people do."""
        name = (asked.person.name if asked.person else "").split(" ")[0]
        return f"Hello {name}. " if name and self.dice.random() < 0.7 else ""

    def _label(self, conversation: Conversation, text: str, by: User, now: datetime) -> None:
        names = {label for word, label in BY_WORD.items() if word in text.lower()}
        if names and self.dice.random() < 0.5:
            handling.label(conversation, Label.objects.filter(name__in=names), by=by, now=now)

    # The machine

    def send(self, now: datetime) -> int:
        """One round of the outbox, as the publisher does it."""
        return outbox.step(now)

    def count(self, now: datetime) -> int:
        """Read the numbers that are due, as the workers do it."""
        return collecting.collect(now, batches=60)

    def look_again(self, now: datetime) -> None:
        """Look whether open messages are still there, as the workers do it."""
        for pk in rechecking.due(now):
            try:
                rechecking.look_again(pk, now)
            except Refusal:
                continue

    def leave_open(self, kept: Sequence[Draft], now: datetime) -> None:
        """What is on the desk in the morning: ideas without a time, and one post of Tom's that waits for Ruth."""
        for draft in kept[:-1]:
            self.write(draft, self.staff["lena" if draft.text.startswith("Idea") else "tom"], now)
        tom, last = self.staff["tom"], kept[-1]
        post = self.write(last, tom, now)
        wall = (now + timedelta(days=2)).astimezone(self.town.tz).replace(tzinfo=None, hour=10, minute=0, second=0)
        at = releasing.moment(wall.replace(microsecond=0), self.town.zone, 0, now)
        scheduling.schedule(post, list(post.placements.all()), at, by=tom, now=now)
