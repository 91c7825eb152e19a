"""The words of an answer before they are sent: to which message, seen by whom, how long."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.refusals import Invalid
from channels_app import platforms, sign_offs
from channels_app.models import Channel
from channels_app.platforms.base import Account, Measured, Outgoing
from engagement import handling, languages
from engagement.models import Conversation, Message, Reply
from engagement.threads import PRIVATE
from policy import situations
from policy.checks import House
from policy.moves import move

MOST = 10_000  # characters; more than any platform takes
NOTHING_LEFT = "The message was taken back by its author; there is nothing left to answer."


def visibility_for(parent: Message) -> str:
    """Private answers go to that person alone: a reply to followers only would show the thread to all of ours."""
    return "direct" if parent.visibility in PRIVATE else parent.visibility


def mention_of(parent: Message) -> str:
    handle = parent.person.handle if parent.person else ""
    return f"@{handle.removeprefix('@')}" if handle else ""


def mark_of(parent: Message, by: User, house: House | None = None) -> str:
    """What is put under a public answer by itself, as its channel has it: initials, the first name, or nothing."""
    if parent.visibility in PRIVATE:
        return ""
    return sign_offs.mark(parent.channel, by, house)


def signed(parent: Message, text: str, by: User, mark: str | None = None) -> str:
    """The words as they go out: a public answer carries its writer's mark."""
    mark, words = mark_of(parent, by) if mark is None else mark, text.strip()
    return words if not mark or words.endswith(mark) else f"{words} {mark}"


def root_of(parent: Message) -> str:
    """The post that an answer to this stands under; an answer under a post itself stands under that."""
    return parent.root_id or (parent.remote_id if parent.kind == "post" else "")


def payload_for(parent: Message, text: str, by: User, language: str = "") -> dict[str, object]:
    """What goes out for these words, as the delivery freezes it."""
    return {
        "text": signed(parent, text, by),
        "link": "",
        "pictures": [],
        "reply_to": parent.remote_id,
        "root": root_of(parent),
        "target": "",
        "mention": mention_of(parent),
        "visibility": visibility_for(parent),
        "language": languages.of(parent, language),
    }


def measure(parent: Message, text: str, by: User, mark: str | None = None) -> Measured:
    """How much of the platform's limit these words take, the handle before them and the initials after included.

    Nothing written takes nothing.
    """
    platform = platforms.get(parent.channel.platform)
    whole = Outgoing("reply", text=signed(parent, text, by, mark), mention=mention_of(parent))
    words = platform.words(whole) if text.strip() else ""
    return platforms.measure_reply(platform.NAME, words, account_for_counting(parent.channel))


def check(parent: Message, text: str, by: User) -> None:
    used = measure(parent, text, by)
    if used.left < 0:
        raise Invalid(
            f"This is {-used.left} characters too long for {parent.channel.get_platform_display()}.",
            next_step="Shorten it and send it again.",
        )


def last_asked(conversation: Conversation) -> Message | None:
    """The message an answer goes to: the resident's newest that is still there."""
    theirs = Message.objects.filter(conversation=conversation, ours=False, gone_at=None)
    return theirs.select_related("channel", "person").order_by("-at", "-id").first()


def draft_of(conversation: Conversation, user: User) -> Reply | None:
    rows = Reply.objects.filter(conversation=conversation, author=user, state="draft")
    return rows.exclude(parent__kind="post").order_by("-id").first()


def save(
    conversation: Conversation,
    text: str,
    *,
    by: User,
    now: datetime,
    form_key: str = "",
    situation: str = "",
    language: str | None = None,
) -> Reply | None:
    """Keep what was typed so far; an empty text drops the draft. A form that was sent already changes nothing more.

    The message that is being answered is looked at again on the platform meanwhile.
    """
    words = text.strip()[:MOST]
    with transaction.atomic():
        handling.hold(conversation)
        sent = Reply.objects.filter(form_key=form_key).exclude(form_key="").exclude(state="draft").first()
        if sent:
            return sent
        draft = draft_of(conversation, by)
        if not words:
            return move(draft, "dropped", now=now, version=F("version") + 1) if draft else None
        parent = last_asked(conversation)
        if parent is None:
            raise Invalid(NOTHING_LEFT, next_step="Close the conversation.")
        Message.objects.filter(pk=parent.pk).update(recheck_at=now)
        draft = draft or Reply(conversation=conversation, author=by)
        draft.parent, draft.text, draft.visibility, draft.at = parent, words, visibility_for(parent), now
        draft.situation = situation if situation in situations.NAMES else ""
        draft.language = draft.language if language is None else languages.known(language)
        draft.version += 1
        draft.save()
    return draft


def account_for_counting(channel: Channel) -> Account:
    """The account as far as counting needs it: no secret is opened for that."""
    return Account(
        channel.platform, channel.host, channel.remote_id, channel.handle, {}, channel.practice, channel.limits
    )
