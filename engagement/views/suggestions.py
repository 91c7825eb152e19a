"""The idea box: what residents suggested, and marking a message as an idea."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person, who_may
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from engagement import suggestions, wording
from engagement.asking_forms import SuggestionForm
from engagement.models import Suggestion
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of

PAGE = 30


@allow("see_inbox")
def idea_box(request: HttpRequest) -> HttpResponse:
    """Every idea this person may see, by where it stands."""
    user, now = person(request), now_of(request)
    rows, state = suggestions.visible_to(user, now), request.GET.get("state", "")
    here = reverse("inbox:idea-box")
    tabs = [{"name": "All", "url": here, "count": rows.count(), "active": state not in dict(Suggestion.STATES)}]
    tabs += [
        {"name": name, "url": f"{here}?state={one}", "count": rows.filter(state=one).count(), "active": one == state}
        for one, name in Suggestion.STATES
    ]
    shown = rows.filter(state=state) if state in dict(Suggestion.STATES) else rows
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    before = f"state={state}&" if shown is not rows else ""
    context = {"here": "ideas", "page": page, "tabs": tabs, "before": before, "may_change": may(user, "note", now)}
    return render(request, "people/ideas.html", context)


@allow("note")
@require_http_methods(["GET", "POST"])
def change_suggestion(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where one idea stands."""
    user, now = person(request), now_of(request)
    one = get_object_or_404(suggestions.visible_to(user, now, "note"), key=key)
    people = who_may("note", now, one.message.channel.scope)
    first = {"state": one.state, "owner": one.owner_id, "words": one.words}
    form = SuggestionForm(people, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            suggestions.change(one, **form.cleaned_data, by=user, now=now)
        except (Invalid, IllegalMove, LostRace, NotAllowed) as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Saved.")
            return redirect("inbox:idea-box")
    context = {"here": "ideas", "one": one, "form": form}
    return render(request, "people/idea.html", context, status=422 if form.errors else 200)


@allow("note")
@require_POST
def mark_idea(request: HttpRequest, key: UUID) -> HttpResponse:
    """The resident's newest message of this conversation goes into the idea box."""
    conversation = conversation_for(request, key, "note")
    message = wording.last_asked(conversation)
    if message is None:
        raise Invalid("There is no message of a resident here.")
    suggestions.mark(message, by=person(request), now=now_of(request))
    return done(request, conversation, "It is in the idea box, and yours to look after.")
