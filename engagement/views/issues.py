"""The pages of issues: the list, one issue with its reporters, and the acts on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from engagement import closings, heat, issues
from engagement.issue_forms import AddForm, CloseForm, StatusForm
from engagement.models import Conversation, Heat, Issue, IssueMember, Message
from engagement.promise_forms import PromiseForm
from engagement.promise_list import key_of
from engagement.views.asking import conversation_for, now_of
from engagement.views.caught import owners

PAGE = 30
WHERE = {"open": "Open", "closed": "Closed"}


@allow("see_inbox")
def show_issues(request: HttpRequest) -> HttpResponse:
    """Issues, the liveliest first, and what is hot under our posts."""
    user, now = person(request), now_of(request)
    tab = "closed" if request.GET.get("tab") == "closed" else "open"
    seen: QuerySet[Issue] = Issue.objects.visible_to(user, now)
    inside = Count("members", filter=Q(members__out_at=None))
    rows = seen.filter(state=tab).select_related("promise", "place", "label").annotate(n_members=inside)
    here = reverse("issues:all")
    counts = seen.aggregate(**{name: Count("pk", filter=Q(state=name)) for name in WHERE})
    hot: QuerySet[Heat] = Heat.objects.visible_to(user, now)
    context = {
        "page": Paginator(rows.order_by("-last_at", "-id"), PAGE).get_page(request.GET.get("page")),
        "tab": tab,
        "tabs": [
            {"name": words, "url": f"{here}?tab={name}", "count": counts[name] or "", "active": name == tab}
            for name, words in WHERE.items()
        ],
        "hot": [_told(one) for one in hot.filter(state="hot").select_related("channel")],
        "settled": hot.filter(state="settled").select_related("channel")[:5],
    }
    return render(request, "engagement/issues/all.html", context)


def _told(one: Heat) -> dict[str, Any]:
    """A pile-on in words, with a way to the thread."""
    post = Message.objects.filter(channel=one.channel, remote_id=one.root_id, kind="post").first()
    home = Conversation.objects.filter(channel=one.channel, root_id=one.root_id).order_by("-last_at").first()
    url = reverse("inbox:conversation", args=[home.key]) if home else ""
    return {"heat": one, "post": post, "url": url, "words": heat.POSTURE_WORDS[one.posture]}


def issue_for(request: HttpRequest, key: UUID, act: str = "see_inbox") -> Issue:
    """The issue, or 404 where this person may not do this act on a channel it is reported on."""
    rows: QuerySet[Issue] = Issue.objects.visible_to(person(request), now_of(request), act)
    found: Issue = get_object_or_404(rows.select_related("promise__owner", "place", "label", "closed_by"), key=key)
    return found


@allow("see_inbox")
def show_issue(request: HttpRequest, key: UUID) -> HttpResponse:
    return page_of(request, issue_for(request, key))


def page_of(request: HttpRequest, issue: Issue, **bound: forms.Form) -> HttpResponse:
    """One issue with its reporters and its forms; a form in `bound` was refused and keeps what was typed."""
    user, now = person(request), now_of(request)
    seen = Conversation.objects.visible_to(user, now)
    rows = IssueMember.objects.filter(issue=issue, conversation__in=seen).select_related(
        "conversation__channel__scope", "conversation__person", "reply__author"
    )
    inside = [one for one in rows if one.out_at is None]
    everywhere = IssueMember.objects.filter(issue=issue, out_at=None).count()
    first = inside[0].conversation if inside else None
    by_promise = (
        {one.conversation_id: one for one in issue.promise.reports.select_related("reply")} if issue.promise else {}
    )
    for one in inside:
        one.told = by_promise.get(one.conversation_id) or one  # type: ignore[attr-defined]
    drafts = [one for one in inside if one.told.reply and _is_mine(one.told.reply, user)]  # type: ignore[attr-defined]
    given: dict[str, forms.Form] = {
        "say": StatusForm(initial={"status": issue.status}),
        "close": CloseForm(initial={"closing": "It is done. Thank you for telling us."}),
    }
    if first is not None and issue.promise is None:
        given["promise"] = PromiseForm(owners(first, now), initial={"owner": user.key, "what": ""})
    context = {
        "issue": issue,
        "members": inside,
        "out": [one for one in rows if one.out_at],
        "hidden": everywhere - len(inside),
        "drafts": drafts,
        "forms": given | bound,
        "refused": next(iter(bound), ""),
        "may_answer": bool(inside) and all(may(user, "answer", now, one.conversation.channel.scope) for one in inside),
        "may_post": may(user, "write_post", now),
    }
    return render(request, "engagement/issues/issue.html", context, status=422 if bound else 200)


def _is_mine(reply: Any, user: Any) -> bool:
    return bool(reply.state == "draft" and reply.author_id == user.pk)


def _act(request: HttpRequest, issue: Issue, name: str, form: forms.Form, do: Any, words: str) -> HttpResponse:
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except (Invalid, IllegalMove, LostRace, NotAllowed) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, words)
            return redirect(issues.address(issue))
    return page_of(request, issue_for(request, issue.key), **{name: form})


@allow("answer")
@require_POST
def say(request: HttpRequest, key: UUID) -> HttpResponse:
    """The one sentence on how it stands."""
    issue, by, now = issue_for(request, key, "answer"), person(request), now_of(request)
    form = StatusForm(request.POST)
    return _act(request, issue, "say", form, lambda f: issues.say(issue, **f, by=by, now=now), "Saved.")


@allow("answer")
@require_POST
def promise(request: HttpRequest, key: UUID) -> HttpResponse:
    """Promise it to everybody who reported it."""
    issue, by, now = issue_for(request, key, "answer"), person(request), now_of(request)
    first = issues.members(issue).first()
    if first is None:
        raise IllegalMove("Nobody reports this issue any more.", next_step="Close it.")
    form = PromiseForm(owners(first.conversation, now), request.POST)
    words = "Promised to everybody who reported it."
    return _act(request, issue, "promise", form, lambda f: issues.promise(issue, **f, by=by, now=now), words)


@allow("answer")
@require_POST
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close it once, with what its reporters are told."""
    issue, by, now = issue_for(request, key, "answer"), person(request), now_of(request)
    form = CloseForm(request.POST)
    return _act(request, issue, "close", form, lambda f: issues.close(issue, **f, by=by, now=now), "Closed.")


@allow("answer")
@require_POST
def add(request: HttpRequest, key: UUID) -> HttpResponse:
    """This conversation reports an open issue too."""
    conversation, by, now = conversation_for(request, key, "answer"), person(request), now_of(request)
    rows: QuerySet[Issue] = Issue.objects.visible_to(by, now, "answer").filter(state="open")
    form = AddForm(rows, request.POST)
    if not form.is_valid():
        raise Invalid("Choose an open issue.", next_step="Load the page again, then choose.")
    issue: Issue = form.cleaned_data["issue"]
    issues.add(issue, conversation, by=by, now=now)
    messages.success(request, f"Added to “{issue}”.")
    return redirect(issues.address(issue))


@allow("answer")
@require_POST
def take_out(request: HttpRequest, key: UUID) -> HttpResponse:
    """It is about something else."""
    issue, by, now = issue_for(request, key, "answer"), person(request), now_of(request)
    named = key_of(request.POST.get("conversation", ""))
    if not named:
        raise Invalid("Say which conversation is about something else.")
    seen = Conversation.objects.visible_to(by, now, "answer").select_related("channel__scope")
    issues.take_out(issue, get_object_or_404(seen, key=named), by=by, now=now)
    messages.success(request, "Taken out; it does not come back by itself.")
    return redirect(issues.address(issue))


@allow("answer")
@require_POST
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Draft the closing answers that are missing, in this person's name."""
    issue = issue_for(request, key, "answer")
    made = issues.draft_rest(issue, by=person(request), now=now_of(request))
    messages.info(request, f"{made} drafted." if made else "Nothing could be drafted; each line says why.")
    return redirect(issues.address(issue))


@allow("answer")
@require_POST
def send(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send this person's drafted closing answers, each by the ordinary way."""
    issue = issue_for(request, key, "answer")
    rows: Any = issue.promise.reports.all() if issue.promise else issues.members(issue)
    sent, held = closings.send(rows, by=person(request), now=now_of(request))
    if sent:
        messages.success(request, f"{sent} on the way, or waiting for a signature.")
    for words in held:
        messages.error(request, words)
    return redirect(issues.address(issue))
