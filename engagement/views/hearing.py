"""What people do with what was heard, who may be named at all, and what a key worker says about being named."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.refusals import Invalid, Refusal
from engagement import handling, offering
from engagement.listening import acting, watching
from engagement.listening import voices as listed
from engagement.listening_forms import ChoicesForm, VoiceForm
from engagement.models import ListeningChoices, PublicVoice, Watch, WatchHit
from engagement.views.asking import now_of
from engagement.views.listening import hits_context


def _hit(request: HttpRequest, key: UUID, act: str = "take_hit") -> WatchHit:
    rows = WatchHit.objects.visible_to(person(request), now_of(request), act)
    return get_object_or_404(
        rows.select_related("watch", "channel", "message__person", "voice", "conversation"), key=key
    )


def _back(hit: WatchHit) -> HttpResponse:
    return redirect(f"{reverse('listening:watch', args=[hit.watch.key])}#heard")


@allow("take_hit")
@require_POST
def take_hit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make it a conversation."""
    conversation = acting.take(_hit(request, key), by=person(request), now=now_of(request))
    messages.success(request, "It is in the inbox now.")
    return redirect(handling.address(conversation))


@allow("take_hit")
@require_POST
def hold_hit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep it longer, for a reason."""
    hit = _hit(request, key)
    acting.hold(hit, request.POST.get("reason", ""), by=person(request), now=now_of(request))
    messages.success(request, "It is held.")
    return _back(hit)


@allow("take_hit")
@require_POST
def release_hit(request: HttpRequest, key: UUID) -> HttpResponse:
    hit = _hit(request, key)
    acting.release(hit, by=person(request), now=now_of(request))
    messages.success(request, "It is forgotten in its time.")
    return _back(hit)


@allow("take_hit")
@require_POST
def set_hit_aside(request: HttpRequest, key: UUID) -> HttpResponse:
    hit = _hit(request, key)
    acting.set_aside(hit, by=person(request), now=now_of(request))
    return _back(hit)


@allow("take_hit")
@require_http_methods(["GET", "POST"])
def author(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who wrote it: asked for by a POST that is counted, shown for ten minutes."""
    hit, user, now = _hit(request, key), person(request), now_of(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            acting.look_up(hit, request.POST.get("reason", ""), by=user, now=now)
        except (Invalid, acting.TooManyProfiles) as ending:
            refusal = ending
        else:
            return redirect("listening:author", key=key)
    who = acting.author_of(hit) if acting.shown(hit, user, now) else None
    context = {"hit": hit, "who": who, "refusal": refusal, "typed": request.POST.get("reason", "")}
    return render(request, "listening/author.html", context, status=refusal.status if refusal else 200)


@allow("see_listening")
def voices(request: HttpRequest) -> HttpResponse:
    return _voices(request)


def _voices(
    request: HttpRequest, form: VoiceForm | None = None, choices_form: ChoicesForm | None = None
) -> HttpResponse:
    """The list of public voices, and the town's limits on listening."""
    known, asked = offering.accounts_of_relationships(), request.GET.get("account", "")
    context = {
        "rows": PublicVoice.objects.filter(ended_at=None).select_related("by"),
        "known": known,
        "taken": bool(offering.first_of(known, asked)),
        "alone": {one.pk for one in offering.voices_without_relationship()},
        "may_note": may(person(request), "note", now_of(request)),
        "form": form or VoiceForm(initial=offering.first_of(known, asked)),
        "choices_form": choices_form or ChoicesForm(instance=ListeningChoices.here()),
        "choices": ListeningChoices.here(),
        "may_keep": may(person(request), "keep_watch", now_of(request)),
    }
    return render(request, "listening/voices.html", context, status=422 if form or choices_form else 200)


@allow("keep_watch")
@require_POST
def add_voice(request: HttpRequest) -> HttpResponse:
    form = VoiceForm(request.POST)
    if not form.is_valid():
        return _voices(request, form)
    row = listed.add(form.save(commit=False), by=person(request), now=now_of(request))
    messages.success(request, f"{row} is on the list.")
    return redirect("listening:voices")


@allow("keep_watch")
@require_POST
def end_voice(request: HttpRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(PublicVoice, key=key)
    listed.end(row, by=person(request), now=now_of(request))
    messages.success(request, f"{row} is off the list and no longer counted.")
    return redirect("listening:voices")


@allow("keep_watch")
@require_POST
def set_limits(request: HttpRequest) -> HttpResponse:
    """What the town holds its listening to."""
    row = ListeningChoices.here()
    was = {name: getattr(row, name) for name in ChoicesForm.Meta.fields}
    form = ChoicesForm(request.POST, instance=row)
    if not form.is_valid():
        return _voices(request, choices_form=form)
    with transaction.atomic():
        form.save()
        audit.record("set_listening", None, by=person(request), now=now_of(request), was=was, became=form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("listening:voices")


@allow("see_own_watch")
def about_me(request: HttpRequest) -> HttpResponse:
    """What Parley listens for to keep this person safe, what it heard, and their word on it."""
    user, now = person(request), now_of(request)
    mine = Watch.objects.filter(worker=user).select_related("by")
    hits = WatchHit.objects.visible_to(user, now).filter(watch__worker=user)
    return render(request, "listening/about_me.html", {"watches": mine} | hits_context(request, hits))


@allow("see_own_watch")
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() else 0
    watching.agree(_mine(request), seen, by=person(request), now=now_of(request))
    messages.success(request, "Thank you. It listens from now on; you can take that back at any time.")
    return redirect("listening:about-me")


@allow("see_own_watch")
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take consent back: it ends, and what was found is deleted."""
    watching.withdraw(_mine(request), by=person(request), now=now_of(request))
    messages.success(request, "It has ended, and what was found is deleted.")
    return redirect("listening:about-me")


def _mine(request: HttpRequest) -> Watch:
    try:
        key = UUID(request.POST.get("watch", ""))
    except ValueError:
        raise Invalid("Choose what it is about.") from None
    found = Watch.objects.filter(worker=person(request), key=key).first()
    if found is None:
        raise Invalid("There is no such watch about you.")
    return found
