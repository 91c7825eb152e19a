"""The media library: find pictures and videos, add them, say what they are and who is shown, choose one for a post."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import composing, filming, picking, pictures, replacing
from calendar_app import words as wordings
from calendar_app.media_forms import CaptionsForm, ConsentForm, FilmForm, PictureForm, PutAwayForm
from calendar_app.models import Post, PostPicture
from calendar_app.views.finding import find_post, now_of, town_of
from calendar_app.words import Words
from channels_app import captioning, media, rights
from channels_app.models import Consent, Media
from policy.checks.languages import NAMES

A_PAGE = 24
SAID = 5  # posts that are named after a swap


@allow("see_media")
def library(request: HttpRequest) -> HttpResponse:
    """The pictures; with `pick` and a post's key each of them can be put into that post."""
    user, now = person(request), now_of(request)
    words, show, pick = request.GET.get("q", "")[:120], request.GET.get("show", ""), request.GET.get("pick", "")
    page = Paginator(pictures.search(user, now, words, show), A_PAGE).get_page(request.GET.get("page"))
    reused = pictures.used_in(page)
    fragment = bool(pick) and "HX-Request" in request.headers
    asked = {name: value for name, value in (("q", words), ("show", show), ("pick", pick)) if value}
    context = {
        "page": page,
        "rows": [
            (one, media.link(one, now, small=True), _standing(one, request), reused.get(one.pk, 0), _film(one))
            for one in page
        ],
        "checking": pictures.being_checked(user),
        "words": words,
        "show": show,
        "pick": pick,
        "post": _picking_for(request, pick),
        "shows": [(name, said, _query(asked, show=name)) for name, said in pictures.SHOWS],
        "before": f"{urlencode(asked)}&" if asked else "",
        "may_add": may(user, "upload_media", now),
        "room": _room(),
    }
    return render(request, "media/_pick.html" if fragment else "media/library.html", context)


@allow("upload_media")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add pictures. One goes to its own page to be described; of several each that cannot be used is named."""
    taken = []
    for upload in request.FILES.getlist("pictures"):
        try:
            taken.append(media.take(upload, by=person(request), now=now_of(request), videos=True))
        except Invalid as why:
            messages.error(request, f"{why.words} {why.next_step}".strip())
    if not request.FILES.getlist("pictures"):
        messages.error(request, "Choose a picture or video first. Nothing was added.")
    if len(taken) == 1 and taken[0].state == "ready":
        messages.success(request, "Added. Say what it shows.")
        return redirect("media:picture", key=taken[0].key)
    ready = [one for one in taken if one.state == "ready"]
    if ready:
        messages.success(request, f"Added {len(ready)}. Say what they show: they are in front.")
    if len(ready) < len(taken):
        messages.info(request, "What is large is checked by itself within minutes, and then stands in front.")
    return redirect("media:library")


@allow("see_media")
def picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """One picture or video: what it is, who is shown, where it is used."""
    found = find_media(request, key)
    if request.method == "POST":
        if not may(person(request), "upload_media", now_of(request)):
            raise Invalid("Writers describe pictures.")
        form = _form_of(found)(request.POST, instance=find_media(request, key))
        if not form.is_valid():
            return page_of(request, found, form=form)
        pictures.describe(found, form.cleaned_data, by=person(request), now=now_of(request))
        messages.success(request, "Saved.")
        return redirect("media:picture", key=key)
    return page_of(request, found)


@allow("upload_media")
@require_POST
def add_consent(request: HttpRequest, key: UUID) -> HttpResponse:
    found = find_media(request, key)
    form = ConsentForm(request.POST, prefix="consent")
    if not form.is_valid():
        return page_of(request, found, consent=form)
    rights.agree(found, **form.cleaned_data, by=person(request), now=now_of(request))
    messages.success(request, "Noted.")
    return redirect(reverse("media:picture", args=[key]) + "#people")


@allow("withdraw_consent")
@require_POST
def withdraw_consent(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """It holds at once: nothing goes out with the picture any more, and whoever planned it is told."""
    row = get_object_or_404(Consent, pk=pk, media=find_media(request, key))
    rights.withdraw(row, by=person(request), now=now_of(request))
    told = pictures.tell_of(row.media, now_of(request))
    words = "Withdrawn. Nothing that waits goes out with this picture."
    messages.success(
        request, f"{words} {told} planned {'post has' if told == 1 else 'posts have'} it." if told else words
    )
    return redirect(reverse("media:picture", args=[key]) + "#people")


@allow("upload_media")
@require_POST
def put_away(request: HttpRequest, key: UUID) -> HttpResponse:
    found = find_media(request, key)
    form = PutAwayForm(request.POST, others=_others(request, found))
    if not form.is_valid():
        return page_of(request, found, away=form)
    data = form.cleaned_data
    pictures.put_away(found, data["why"], data["instead"], by=person(request), now=now_of(request))
    if data["swap"]:
        _say_swapped(request, replacing.swap(found, data["instead"], by=person(request), now=now_of(request)))
    else:
        messages.success(request, "Put away. Posts that show it keep it.")
    return redirect("media:picture", key=key)


def _say_swapped(request: HttpRequest, found: replacing.Swapped) -> None:
    done = len(found.done)
    messages.success(request, f"Put away. {done} post{' shows' if done == 1 else 's show'} the new picture now.")
    for post, why in found.left[:SAID]:
        messages.warning(request, f"“{post}” keeps the old one. {why}")
    more = len(found.left[SAID:]) + found.unseen
    if more:
        messages.warning(request, f"{more} more {'post keeps' if more == 1 else 'posts keep'} the old one.")


@allow("upload_media")
@require_POST
def take_up(request: HttpRequest, key: UUID) -> HttpResponse:
    pictures.take_out_again(find_media(request, key), by=person(request), now=now_of(request))
    return redirect("media:picture", key=key)


@allow("write_post")
@require_POST
def put_into(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the picture into a stored post, and go on writing there."""
    found, named = find_media(request, key), request.POST.get("post", "")
    if not named:
        raise Invalid("Choose the post it goes into.", next_step="Open the library from the post.")
    post = find_post(request, _uuid(named))
    words = wordings.words_of(post)
    if str(key) not in {one.media for one in words.pictures}:
        words = wordings.with_pictures(words, [found])
        composing.save(post, words, post.version, by=person(request), now=now_of(request))
    return redirect(reverse("calendar:edit-post", args=[post.key]) + "#pictures")


def picked(request: HttpRequest, words: Words) -> Words:
    """The words with the picture of the library that a button of the composer names."""
    key = request.POST.get("pick", "")
    try:
        return picking.with_picked(words, key, person(request), now_of(request)) if key else words
    except Invalid as why_not:
        messages.error(request, f"{why_not.words} {why_not.next_step}".strip())
        return words


def _form_of(found: Media) -> type[PictureForm]:
    return FilmForm if found.is_video else PictureForm


def page_of(
    request: HttpRequest,
    found: Media,
    form: PictureForm | None = None,
    consent: ConsentForm | None = None,
    away: PutAwayForm | None = None,
    captions: CaptionsForm | None = None,
) -> HttpResponse:
    """The page of one picture or video, with what is wrong in any of its forms."""
    user, now = person(request), now_of(request)
    used, more = pictures.uses(found, user, now)
    today = pictures.local_day(now)
    context = {
        "media": found,
        "url": media.link(found, now),
        "form": form or _form_of(found)(instance=found, initial={"alt": found.alt or _alt_of_a_post(found)}),
        "consents": [(one, rights.of_consent(one, today)) for one in found.consents.all()],
        "consent_form": consent or ConsentForm(prefix="consent", initial={"given_on": today}),
        "away_form": away or PutAwayForm(others=_others(request, found)),
        "uses": used,
        "used_in": pictures.used_in([found]).get(found.pk, 0),
        "more": more,
        "problem": rights.why_not(found, today),
        "may_change": may(user, "upload_media", now),
        "may_withdraw": may(user, "withdraw_consent", now),
        "wrong": form or consent or away or captions,
    }
    context |= _about_film(request, found, captions) if found.is_video else {}
    return render(request, "media/picture.html", context, status=422 if context["wrong"] else 200)


def _about_film(request: HttpRequest, found: Media, captions: CaptionsForm | None) -> dict[str, object]:
    newest = found.captions.select_related("read_by", "by").first()
    blank = CaptionsForm(prefix="captions", initial={"language": town_of(request).locale[:2]})
    return {
        "film": media.played(found, now_of(request)),
        "length": filming.length(found.seconds),
        "captions": newest,
        "captions_language": NAMES.get(newest.language, newest.language) if newest else "",
        "captions_form": captions or blank,
        "spoken": captioning.standing(found, newest),
    }


def find_media(request: HttpRequest, key: UUID, kind: str = "") -> Media:
    """What this person sees of the library under this key; of that kind alone where one is named."""
    rows = Media.objects.visible_to(person(request), now_of(request)).filter(state="ready")
    rows = rows.filter(kind=kind) if kind else rows
    return get_object_or_404(rows.select_related("by", "replaced_by").prefetch_related("consents"), key=key)


def _others(request: HttpRequest, found: Media) -> object:
    return pictures.search(person(request), now_of(request)).filter(kind=found.kind).exclude(pk=found.pk)


def _alt_of_a_post(found: Media) -> str:
    """The newest words a post had for it: what the library begins with where it has none."""
    rows = PostPicture.objects.filter(media=found).exclude(alt="").order_by("-pk")
    return rows.values_list("alt", flat=True).first() or ""


def _standing(one: Media, request: HttpRequest) -> dict[str, str]:
    """What the grid says about a picture, gravest first."""
    today = pictures.local_day(now_of(request))
    why = rights.why_not(one, today)
    if why:
        return {"tone": "alarm", "icon": "ban", "words": "Not to be used", "why": why}
    ends = rights.ends_on(one)
    if ends is not None and ends <= today + pictures.SOON:
        return {"tone": "warn", "icon": "hourglass", "words": f"Until {ends.day} {ends:%B}", "why": ""}
    if one.is_video and captioning.standing(one, one.newest_captions) == "none":
        return {"tone": "warn", "icon": "captions-off", "words": "No captions", "why": ""}
    return {"tone": "warn", "icon": "pencil-line", "words": "No alt text", "why": ""} if not one.alt else {}


def _film(one: Media) -> str:
    """How long a video is; "" for a picture."""
    return filming.length(one.seconds) if one.is_video else ""


def _room() -> dict[str, object]:
    used, quota = media.room_used(), settings.MEDIA_QUOTA_BYTES
    return {"used": used, "quota": quota, "share": min(round(100 * used / quota), 100) if quota else 100}


def _picking_for(request: HttpRequest, key: str) -> Post | None:
    seen = Post.objects.visible_to(person(request), now_of(request))
    return seen.filter(key=_uuid(key)).first() if key else None


def _query(asked: dict[str, str], **changes: str) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **changes}.items() if value})


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        return UUID(int=0)
