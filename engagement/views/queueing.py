"""Where a conversation stands in the queue: its urgency, its snooze, who has it open, and merging and splitting it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, person
from accounts.refusals import IllegalMove, Invalid
from engagement import attending, entrusting, ranking, rehousing
from engagement.models import Conversation, Message, Rehousing
from engagement.queue_forms import EntrustForm, MergeForm, RankForm, SnoozeForm, SplitForm
from engagement.views.acts import act_form, done
from engagement.views.asking import conversation_for, is_fragment, now_of

GET_OR_POST = ["GET", "POST"]


@allow("assign")
@require_http_methods(GET_OR_POST)
def rank(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say how urgent it is, with the reason."""
    conversation = conversation_for(request, key, "assign")
    form = RankForm(_sent(request), initial={"priority": conversation.priority})
    if not form.is_valid():
        return act_form(request, conversation, form, "rank", "How urgent is this?", "Set priority")
    ranking.rank(conversation, **form.cleaned_data, by=person(request), now=now_of(request))
    return done(request, conversation, "Priority set.")


@allow("assign")
@require_http_methods(GET_OR_POST)
def entrust(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say which department it lies with, or none."""
    conversation = conversation_for(request, key, "assign")
    form = EntrustForm(_sent(request), initial={"to": conversation.department_id or ""})
    if form.is_valid():
        try:
            entrusting.entrust(conversation, form.cleaned_data["to"], by=person(request), now=now_of(request))
        except (Invalid, IllegalMove) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return done(request, conversation, "Saved whose matter it is.")
    return act_form(request, conversation, form, "entrust", "Whose matter is this?", "Save")


@allow("close")
@require_http_methods(GET_OR_POST)
def snooze(request: HttpRequest, key: UUID) -> HttpResponse:
    """Out of sight until a time, for a reason."""
    conversation = conversation_for(request, key, "close")
    form = SnoozeForm(now_of(request), _sent(request))
    if form.is_valid():
        try:
            said = form.cleaned_data["reason"]
            ranking.snooze(conversation, form.moment(), said, by=person(request), now=now_of(request))
        except (Invalid, IllegalMove) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return done(request, conversation, "Snoozed. Its clock runs on.")
    return act_form(request, conversation, form, "snooze", "Snooze this conversation", "Snooze")


@allow("close")
@require_POST
def end_snooze(request: HttpRequest, key: UUID) -> HttpResponse:
    conversation = conversation_for(request, key, "close")
    ranking.end_snooze(conversation, by=person(request), now=now_of(request))
    return done(request, conversation, "It is back in the queue.")


@allow("close")
@require_http_methods(GET_OR_POST)
def merge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put its messages into another conversation of the same channel; that one is shown then."""
    conversation, by, now = conversation_for(request, key, "close"), person(request), now_of(request)
    found = rehousing.candidates(conversation, by, now)
    form = MergeForm(found, now, _sent(request))
    if form.is_valid():
        target = next(one for one in found if str(one.key) == form.cleaned_data["target"])
        try:
            rehousing.merge(conversation, target, by=by, now=now)
        except (Invalid, IllegalMove) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return _there(request, target, "Merged. You can take it back under “About”.")
    return act_form(request, conversation, form, "merge", "Merge this into another conversation", "Merge")


@allow("close")
@require_http_methods(GET_OR_POST)
def split(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin another conversation with some of its messages; that one is shown then."""
    conversation = conversation_for(request, key, "close")
    here = Message.objects.filter(conversation=conversation).exclude(kind="post").select_related("person")
    form = SplitForm(list(here.order_by("at", "id")), now_of(request), _sent(request))
    if form.is_valid():
        try:
            row = rehousing.split(conversation, form.chosen(), by=person(request), now=now_of(request))
        except (Invalid, IllegalMove) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return _there(request, row.target, "Split. You can take it back under “About”.")
    return act_form(request, conversation, form, "split", "Split this conversation", "Split")


@allow("close")
@require_POST
def take_apart(request: HttpRequest, key: UUID, move: UUID) -> HttpResponse:
    """Take a merge or a split back."""
    conversation = conversation_for(request, key, "close")
    rows = Rehousing.objects.select_related("source__channel", "target__channel")
    row = get_object_or_404(rows.filter(source=conversation) | rows.filter(target=conversation), key=move)
    rehousing.take_back(row, by=person(request), now=now_of(request))
    return _there(request, row.source, "Taken back. Each has its own messages again.")


@allow("answer")
@require_POST
def attend(request: HttpRequest, key: UUID) -> HttpResponse:
    """An open page says that it is open, and hears who else is there."""
    conversation, by, now = conversation_for(request, key, "answer"), person(request), now_of(request)
    attending.here(conversation, by, now)
    context = {"conversation": conversation, "colleagues": attending.others(conversation, by, now), "polled": True}
    return render(request, "engagement/_there.html", context)


def _there(request: HttpRequest, conversation: Conversation, words: str) -> HttpResponse:
    """Show the other conversation: as a page, also where the act was asked for in a dialog."""
    answer = done(request, conversation, words) if not is_fragment(request) else HttpResponse("")
    if is_fragment(request):
        query = request.GET.urlencode()
        answer["HX-Redirect"] = reverse("inbox:conversation", args=[conversation.key]) + (f"?{query}" if query else "")
    return answer


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
