"""Ideas from services: sent from a phone, seen in the drawer, taken up or declined; and who sends them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person, who_may
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import ideas
from calendar_app.idea_forms import CardForm, IdeaForm, PhotoForm
from calendar_app.models import ContributorCard, Idea
from calendar_app.views.finding import now_of
from channels_app import media

A_PAGE = 25
SHOWN = {"waiting": Q(state="sent"), "taken-up": Q(state="taken_up"), "declined": Q(state="declined")}


def seen_ideas(user: User, now: datetime) -> QuerySet[Idea]:
    """What this person may see, with all that its row shows."""
    rows = Idea.objects.visible_to(user, now).select_related("by", "topic", "post", "decided_by")
    return rows.prefetch_related("pictures__media", "post__placements__delivery", "post__placements__channel")


@allow("see_ideas")
def idea_list(request: HttpRequest) -> HttpResponse:
    """What was sent in and what became of it: one's own for a contributor, all for the desk."""
    user, now = person(request), now_of(request)
    shown = request.GET.get("show", "")
    rows = seen_ideas(user, now).filter(SHOWN.get(shown, Q()))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, ideas.became(one, now)) for one in page],
        "shown": shown if shown in SHOWN else "",
        "may_send": may(user, "send_idea", now),
        "may_judge": may(user, "judge_idea", now),
    }
    return render(request, "ideas/list.html", context)


@allow("send_idea")
def send_idea(request: HttpRequest) -> HttpResponse:
    """A form for a phone: the idea, and a photo with consent."""
    by, now = person(request), now_of(request)
    if request.method != "POST":
        return render(request, "ideas/send.html", {"form": IdeaForm(by=by)})
    form = IdeaForm(request.POST, request.FILES, by=by)
    _keep_photo(request, form)
    if not form.is_valid():
        return render(request, "ideas/send.html", {"form": form}, status=422)
    idea = ideas.send(form.told(), by=by, now=now)
    messages.success(request, "Sent. You see here what becomes of it, and are told.")
    return redirect("calendar:idea", key=idea.key)


def _keep_photo(request: HttpRequest, form: PhotoForm) -> None:
    """Take the photo in, even where something else of the form has to be mended: nobody takes it twice."""
    form.is_valid()
    upload = request.FILES.get("photo")
    if upload is None:
        return
    try:
        form.keep(media.take(upload, by=person(request), now=now_of(request)))
    except Invalid as why:
        form.add_error("photo", f"{why.words} {why.next_step}".strip())


@allow("see_ideas")
def idea(request: HttpRequest, key: UUID) -> HttpResponse:
    """One idea, and what became of it."""
    return _idea(request, key, PhotoForm(by=person(request)))


def _idea(request: HttpRequest, key: UUID, form: PhotoForm) -> HttpResponse:
    user, now = person(request), now_of(request)
    found = get_object_or_404(seen_ideas(user, now), key=key)
    context = {
        "idea": found,
        "became": ideas.became(found, now),
        "pictures": [
            (one, media.link(one.media, now) if one.media.state == "ready" else "") for one in found.pictures.all()
        ],
        "may_judge": may(user, "judge_idea", now),
        "sees_post": found.post and may(user, "judge_idea", now),
        "may_add": found.by_id == user.pk and found.state == "sent" and may(user, "send_idea", now),
        "form": form,
    }
    return render(request, "ideas/idea.html", context, status=422 if form.errors else 200)


@allow("send_idea")
@require_POST
def add_idea_photo(request: HttpRequest, key: UUID) -> HttpResponse:
    """One more photo for one's own idea."""
    by, now = person(request), now_of(request)
    found = get_object_or_404(Idea.objects.visible_to(by, now), key=key)
    form = PhotoForm(request.POST, request.FILES, by=by, needed=True)
    _keep_photo(request, form)
    if not form.is_valid():
        return _idea(request, key, form)
    ideas.add_photo(found, form.photos(), by=by, now=now)
    messages.success(request, "The photo is with your idea.")
    return redirect("calendar:idea", key=key)


@allow("judge_idea")
@require_POST
def take_up_idea(request: HttpRequest, key: UUID) -> HttpResponse:
    """A draft is made of it, and opened."""
    found = get_object_or_404(Idea.objects.visible_to(person(request), now_of(request)), key=key)
    post = ideas.take_up(found, by=person(request), now=now_of(request))
    left = [one for one in found.pictures.all() if not one.usable]
    if left:
        messages.info(request, "Photos without the consent they need stayed with the idea.")
    messages.success(request, "A draft was made of it; whoever sent it is told.")
    return redirect("calendar:edit-post", key=post.key)


@allow("judge_idea")
@require_POST
def decline_idea(request: HttpRequest, key: UUID) -> HttpResponse:
    found = get_object_or_404(Idea.objects.visible_to(person(request), now_of(request)), key=key)
    ideas.decline(found, request.POST.get("reason", ""), by=person(request), now=now_of(request))
    messages.success(request, "Declined; whoever sent it reads why.")
    return redirect("calendar:ideas")


@allow("see_contributors")
def contributors(request: HttpRequest) -> HttpResponse:
    """Who in the organisation can tell about what, and what they sent."""
    now = now_of(request)
    known = Q(pk__in=who_may("contributor", now)) | Q(ideas__isnull=False)
    counts = {
        "sent": Count("ideas", distinct=True),
        "taken": Count("ideas", filter=Q(ideas__state="taken_up"), distinct=True),
        "out": Count("ideas", filter=Q(ideas__post__placements__delivery__state="published"), distinct=True),
    }
    people = User.objects.filter(known, is_active=True).select_related("contributor_card").annotate(**counts)
    context = {"people": people.order_by("name"), "may_send": may(person(request), "send_idea", now)}
    return render(request, "ideas/contributors.html", context)


@allow("send_idea")
def contributor_card(request: HttpRequest) -> HttpResponse:
    """One's own card in the directory."""
    by, now = person(request), now_of(request)
    card = ContributorCard.objects.filter(user=by).first() or ContributorCard(user=by, changed_at=now)
    form = CardForm(request.POST or None, instance=card)
    if request.method == "POST" and form.is_valid():
        ContributorCard.objects.update_or_create(user=by, defaults={**form.cleaned_data, "changed_at": now})
        messages.success(request, "Your card is saved.")
        return redirect("calendar:contributors")
    return render(request, "ideas/card.html", {"form": form}, status=422 if form.errors else 200)
