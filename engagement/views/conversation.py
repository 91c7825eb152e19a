"""One conversation: the thread, the reply box and what is known around it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow, may, person
from accounts.models import Town
from accounts.refusals import Refusal
from accounts.sessions import is_poll
from channels_app import platforms
from engagement import (
    around,
    beside,
    checking,
    choosing,
    cooling,
    deciding,
    failing,
    languages,
    queue,
    relations,
    signing,
    storyline,
    tiering,
    windows,
    wording,
    words,
)
from engagement.models import Conversation, Message, Reply
from engagement.queue import Wish
from engagement.rules import telling
from engagement.storyline import Story
from engagement.views import caught, entries, filtering
from engagement.views.asking import conversation_for, is_fragment, now_of
from engagement.views.lists import list_context, with_filters
from policy import judging, pack_rules, setting, situations, speech
from policy.setting import Setting

UNDER_WAY = 3  # seconds between two looks while an answer is on its way
QUIET = 15
TAKEN_BACK = {"scheduled", "retry_wait", "blocked", "missed"}  # a delivery that can still be cancelled
SEEN_BY = {
    "public": "Everybody sees this answer",
    "unlisted": "Everybody sees this answer; it is not listed",
    "direct": "Private: only this person sees the answer",
}


@allow("see_inbox")
def show_conversation(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page, or the panes of it; a poll of an unchanged thread is answered with nothing."""
    if is_poll(request):
        return news(request, key)
    conversation = conversation_for(request, key, beside=True)
    if is_fragment(request):
        if "all" in request.GET:
            return render(request, "engagement/_timeline.html", thread_context(request, conversation))
        return panes(request, conversation)
    listed = with_filters(request, list_context(request, str(conversation.key)))
    whole = listed | thread_context(request, conversation)
    show = "context" if request.GET.get("show") == "context" else "thread"
    return render(request, "engagement/inbox.html", whole | {"show": show})


def news(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a poll brings. An answer may end while this is read, so what its end changes is read again after it."""
    conversation, seen = conversation_for(request, key), request.GET.get("beat", "")
    if seen == beat_of(conversation, step_of(request, conversation), now_of(request)):
        return HttpResponse(status=204)
    context = thread_context(request, conversation)
    was_under_way = seen.split(".")[1:2] not in ([], [""])
    freed = was_under_way and context["story"].under_way is None  # type: ignore[attr-defined]
    if freed:
        context = thread_context(request, conversation_for(request, key))
    return render(request, "engagement/_thread_news.html", context | {"freed": freed})


def panes(
    request: HttpRequest,
    conversation: Conversation,
    *,
    refusal: Refusal | None = None,
    words: str = "",
    changed: bool = False,
) -> HttpResponse:
    """Thread and context as fragments; after an act the queue is told to look again."""
    context = thread_context(request, conversation) | {"refusal": refusal, "acted": changed}
    answer = render(request, "engagement/_panes.html", context, status=422 if refusal else 200)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#thread", "outerHTML"
    if changed:
        toast = {"toast": {"words": words, "tone": "good"}} if words else {}
        answer["HX-Trigger"] = json.dumps({"inbox-changed": {}} | toast)
    return answer


def beat_of(conversation: Conversation, step: str, now: datetime) -> str:
    """Changes with anything in the channel's inbox, and with each step of an answer that is on its way."""
    return f"{conversation.beats or 0}.{step}.{int(now.timestamp()) // queue.BUCKET}"  # type: ignore[attr-defined]


def step_of(request: HttpRequest, conversation: Conversation) -> str:
    """How far an answer on its way has come; "" when there is none."""
    released = Reply.objects.filter(conversation=conversation.pk, state="released").select_related("delivery").first()
    return _step(released, now_of(request))


def _step(under_way: Reply | None, now: datetime) -> str:
    """Its delivery's state; of one that is held to cool off, the minutes left with it."""
    delivery = under_way.delivery if under_way else None
    held = cooling.until(delivery, now)
    return f"{delivery.state}{int((held - now).total_seconds()) // 60 if held else ''}" if delivery else ""


def thread_context(request: HttpRequest, conversation: Conversation) -> dict[str, object]:
    """Everything the thread and context panes show."""
    user, now = person(request), now_of(request)
    scope = conversation.channel.scope
    whole = "all" in request.GET
    story = storyline.tell(conversation, user, now, whole=whole)
    sending = story.under_way.delivery.state if story.under_way and story.under_way.delivery else ""
    marked = around.beside(conversation, story.entries, now.astimezone(request.town.tz).date())  # type: ignore[attr-defined]
    acts = {act: may(user, act, now, scope) for act in ("answer", "assign", "note", "close", "decide_delivery")}
    told = entries.drawn(story.entries, conversation, may_mark=acts["note"], may_like=acts["answer"])
    likes = [one["like"] for one in told if one.get("like")]
    moving = story.under_way is not None or any(one["under_way"] for one in likes)
    box = reply_box(request, conversation, story)
    return {
        "conversation": conversation,
        "story": story,
        "entries": told,
        "like_hint": hint_on_likes(request) if box and box["election"] and any(one["url"] for one in likes) else "",
        "whole": whole,
        "wish_query": Wish.of(request.GET).query() if request.GET.get("tab") else "",
        "pill": words.pill(conversation, now),
        "counted": words.counted(story.reading, now),
        "asleep": conversation.snoozed_until
        if conversation.state == "open" and conversation.snoozed_until and conversation.snoozed_until > now
        else None,
        "window": windows.pill(conversation, story.parent.at if story.parent else None, now),
        "language": filtering.language(conversation.language) if conversation.language else "",
        "others": [one for one in story.others if one.key != conversation.key],
        "others_more": len(story.others) > storyline.OTHERS,
        "nth": _nth(len(story.others)),
        "firings": [(one, telling.did(one["did"])) for one in story.rules],
        "labels": conversation.label_names,  # type: ignore[attr-defined]
        "relationship": relations.partner_of(conversation),
        "acts": acts,
        "can_take_back": bool(sending in TAKEN_BACK),
        "thread_beat": beat_of(conversation, _step(story.under_way, now), now),
        "every": UNDER_WAY if moving else QUIET,
        "box": box,
        "beside": beside.of(conversation, story, user, now),
        **pending_context(request, conversation, story),
        "around": marked,
    }


def hint_on_likes(request: HttpRequest) -> str:
    """What the town's pack says of likes while an election runs; "" where it says nothing."""
    town: Town = request.town  # type: ignore[attr-defined]
    return pack_rules.on_likes(town.pack, now_of(request).astimezone(town.tz).date())


def pending_context(request: HttpRequest, conversation: Conversation, story: Story) -> dict[str, object]:
    """What waits here for a decision or for a choice; nothing is asked where nothing waits."""
    if not (story.asked or story.asked_by_others):
        return {"questions": [], "rivals": 0}
    may_choose = may(person(request), "choose_answer", now_of(request), conversation.channel.scope)
    rivals = choosing.pending(conversation)
    return {"questions": deciding.open_on(conversation), "rivals": len(rivals), "may_choose": may_choose}


def reply_box(request: HttpRequest, conversation: Conversation, story: Story) -> dict[str, object] | None:
    """What the form needs; None where there is no message left to answer."""
    parent, draft = story.parent, story.draft
    if parent is None:
        return None
    visibility = wording.visibility_for(parent)
    here = setting.at(now_of(request), request.town)  # type: ignore[attr-defined]
    text, chosen = (draft.text, draft.situation) if draft else ("", "")
    return {
        "text": text,
        "form_key": uuid.uuid4(),
        "answers": story.answers,
        "private": visibility == "direct",
        "seen_by": SEEN_BY.get(visibility, "Everybody sees this answer"),
        "can": "reply" in platforms.get(parent.channel.platform).CAN,
        "why": draft.why if draft else "",
        "election": here.runs("election", conversation.channel.scope_id),
        "next_step": (draft and failing.next_step(draft.delivery)) or failing.KEPT,
        **panel(request, here, parent, text, draft, chosen, conversation),
    }


def panel(
    request: HttpRequest,
    here: Setting,
    parent: Message,
    text: str,
    draft: Reply | None,
    chosen: str,
    conversation: Conversation,
) -> dict[str, object]:
    """What stands beside the words: their length, findings, what was decided, the situation, and how it is heard."""
    user, now, scope = person(request), now_of(request), conversation.channel.scope
    labels: Sequence[str] = conversation.label_names  # type: ignore[attr-defined]
    signs = [*labels, around.kind_of(conversation)]
    checked = checking.look(parent, text, chosen, reply=draft, by=user, now=now, here=here, labels=signs)
    rows = [judging.shown(row, "", checking.fix_value(row.finding), here.links) for row in checked.rows]
    told = judging.numbered(rows)
    open_ones = [one for one in told if not one["what"]]
    mark = wording.mark_of(parent, user, here.replies)
    measured = wording.measure(parent, text, user, mark)
    language = request.POST.get("language", draft.language if draft else "")
    return {
        "language": language,
        "languages": languages.choices(request.town.locale),  # type: ignore[attr-defined]
        "their_language": languages.name(languages.theirs(parent)),
        "language_warning": languages.warning(parent, text, language),
        "parent": parent,
        "used": measured.used,
        "limit": measured.limit,
        "state": counter_state(measured.used, measured.limit),
        "signed": mark,
        "findings": open_ones,
        "settled": [one for one in told if one["what"]],
        "tally": {level: sum(one["level"] == level for one in open_ones) for level in ("must", "should", "consider")},
        "tier": tiering.told(parent, text, labels, by=user, now=now),
        "needs_sign": bool(judging.steps(checked.rows, signing.SIGNER)),
        "situation": chosen if chosen in situations.NAMES else "",
        "situations": situations.SITUATIONS,
        "suggested": situations.NAMES[checked.suggested],
        "forced": situations.NAMES[checked.situation] if checked.forced else "",
        "caught": caught.rows(request, conversation, text, now),
        "may_override": may(user, "override_check", now, scope),
        "heard": speech.spoken(wording.signed(parent, text, user, mark)) if text.strip() else [],
    }


def counter_state(used: int, limit: int) -> str:
    return "over" if used > limit else "near" if used > limit * 0.9 else ""


def _nth(count: int) -> str:
    """Which conversation with this person it is, in words."""
    if count > storyline.OTHERS:
        return f"more than {storyline.OTHERS} conversations"
    return "first conversation" if count <= 1 else f"{count} conversations"
