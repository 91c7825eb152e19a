"""The composer: one form for a new post and for every later change; autosave and checks answer while one types."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid, NotAllowed
from accounts.walltime import Twice, to_wall
from calendar_app import attending, composing, picking, releasing, scheduling
from calendar_app import words as wordings
from calendar_app.composing import Saved
from calendar_app.forms import PostForm, initial_of
from calendar_app.models import Post
from calendar_app.readiness import NotReady
from calendar_app.releasing import Moment
from calendar_app.views import pressing, slotting
from calendar_app.views.composing_page import Kept, page, side
from calendar_app.views.finding import find_post, now_of, seen_placements, town_of
from calendar_app.wording import place, places
from calendar_app.words import Words
from channels_app import plainly
from channels_app.models import Channel
from policy import guides
from policy.models import Topic

A_MINUTE = timedelta(minutes=1)


@allow("write_post")
def new_post(request: HttpRequest) -> HttpResponse:
    """An empty composer, or one filled in from the address; the first save makes the post."""
    if request.method == "POST":
        return _take(request, _begun(request))
    channels = composing.writable_channels(person(request), now_of(request))
    words = picked(request, _asked_words(request, channels))
    form = PostForm(initial=initial_of(words, _asked_time(request), 0), channels=channels)
    return page(request, form, None, words)


@allow("write_post")
def edit_post(request: HttpRequest, key: UUID) -> HttpResponse:
    post = find_post(request, key)
    if request.method == "POST":
        return _take(request, post)
    words = picked(request, wordings.words_of(post))
    channels = composing.writable_channels(person(request), now_of(request))
    form = PostForm(initial=initial_of(words, planned_time(request, post), post.version), channels=channels)
    return page(request, form, post, words)


@allow("write_post")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """While one types: keep the draft, and answer with counts, checks and previews of these very words."""
    post = _begun(request)
    channels = composing.writable_channels(person(request), now_of(request))
    form = PostForm(request.POST, channels=channels)
    if not form.is_valid():
        return side(request, form, post, None, Kept(post, 0, "Not saved yet: something on the page cannot be used."))
    words = pressing.typed(request, form, post)
    return side(request, form, post, words, _keep(request, post, words, form.cleaned_data["version"] or 0))


def _keep(request: HttpRequest, post: Post | None, words: Words, version: int) -> Kept:
    """Save by itself what nobody would miss being asked about: drafts.

    The version stays the one these words were begun on, until they are in the post.
    """
    by, now = person(request), now_of(request)
    if post is not None:
        attending.here(post, by, now, typed=True)
    done = f"Draft, saved at {to_wall(now, town_of(request).zone):%H:%M}."
    if post is None:
        if not words.text.strip():
            return Kept(None, 0, "Not saved yet.")
        begun = _begin(request, words, version)
        return Kept(begun.post, begun.post.version, done, done=True)
    if any(one.state not in {"draft", "cancelled"} for one in post.placements.all()):
        return Kept(post, version, "Not saved by itself: this post is more than a draft. Save when you are done.")
    recent = post.versions.filter(beside=True, by=by, at__gt=now - A_MINUTE, n__gt=version).exists()
    saved = None if recent else composing.save(post, words, version, by=by, now=now, by_itself=True)
    if saved is None or saved.beside:
        return Kept(post, version, "This post was saved elsewhere meanwhile. Save to compare; nothing is lost.")
    return Kept(saved.post, saved.post.version, done, done=True)


def _take(request: HttpRequest, post: Post | None) -> HttpResponse:
    """What the form says, saved; then what its button asks for."""
    by, now = person(request), now_of(request)
    channels = composing.writable_channels(by, now)
    form = PostForm(request.POST, channels=channels)
    if not form.is_valid():
        return page(request, form, post, None, status=422)
    words = pressing.pressed(request, form, post, channels)
    if post is None:
        saved = _begin(request, words, form.cleaned_data["version"] or 0)
    else:
        saved = composing.save(post, words, form.cleaned_data["version"] or 0, by=by, now=now)
    if saved.beside:
        return redirect(reverse("calendar:versions", args=[saved.post.key]) + f"?compare={saved.beside.n}")
    pressing.judge(request, saved.post)
    pressing.keep_own(request, saved.post)
    return _go_on(request, form, saved)


def _begun(request: HttpRequest) -> Post | None:
    """The post this form was opened for; None while its first save is still to come."""
    key = request.POST.get("key", "")
    return find_post(request, UUID(key)) if _is_key(key) and Post.objects.filter(key=key).exists() else None


def _begin(request: HttpRequest, words: Words, version: int) -> Saved:
    """The first save, under the key the form was opened with: a double click, or a save by itself that crosses with
    the one asked for, finds the post made already and is its second save.
    """
    by, now, key = person(request), now_of(request), request.POST.get("key", "")
    try:
        post = composing.create(words, by=by, now=now, key=UUID(key) if _is_key(key) else None)
    except IntegrityError:
        return composing.save(find_post(request, UUID(key)), words, version, by=by, now=now)
    return Saved(post, changed=True)


def _go_on(request: HttpRequest, form: PostForm, saved: Saved) -> HttpResponse:
    """After the save: back to the form, or on to what the button asked for. What is wrong is said on the form."""
    post = saved.post
    for one in saved.back:
        messages.info(
            request, f"{place(one.channel)} is a draft again: its words changed, so it needs to be scheduled anew."
        )
    for one in saved.kept:
        messages.warning(request, f"{place(one.channel)} keeps the words it went out with.")
    back_to = pressing.back_to(request)
    if back_to is not None:
        return HttpResponseRedirect(reverse("calendar:edit-post", args=[post.key]) + back_to)
    try:
        return _carry_out(request, form, post)
    except Twice as twice:
        form.ask_fold()
        form.add_error("fold", f"{twice.words} {twice.next_step}")
    except NotReady as why:
        for problem in why.problems:
            form.add_error(None, problem)
    except Invalid as why:
        form.add_error("at", f"{why.words} {why.next_step}".strip())
    except NotAllowed as why:
        form.add_error(None, guides.cited(why))
    return page(request, form, post, wordings.words_of(post), status=422)


def _carry_out(request: HttpRequest, form: PostForm, post: Post) -> HttpResponse:
    act = request.POST.get("act", "save")
    if act == "slot":
        return slotting.take(request, post)
    if act == "good-hour":
        return slotting.take_good(request, post)
    at = chosen_time(request, form)
    if act == "publish":
        return redirect("calendar:publish-post", key=post.key)
    if act == "schedule":
        return _schedule(request, post, at)
    scheduling.plan(post, list(post.placements.all()), at)
    messages.success(request, "Saved.")
    return redirect("calendar:edit-post", key=post.key)


def _schedule(request: HttpRequest, post: Post, at: Moment | None) -> HttpResponse:
    if at is None:
        raise Invalid("Choose a day and a time first.")
    rows = seen_placements(post, person(request), now_of(request))
    outcome = scheduling.schedule(post, rows, at, by=person(request), now=now_of(request))
    say_outcome(request, outcome, at)
    return redirect("calendar:post", key=post.key)


def say_outcome(request: HttpRequest, outcome: scheduling.Outcome, at: Moment) -> None:
    """Tell what was scheduled, and what waits for whom."""
    when = f"{at.wall:%a} {at.wall.day} {at.wall:%B, %H:%M}"
    if outcome.going:
        messages.success(request, f"Scheduled for {when} on {places(outcome.going)}.")
    if outcome.asked:
        messages.info(request, f"Asked for sign-off: {places(outcome.asked)}. It goes out at {when} if signed by then.")


def chosen_time(request: HttpRequest, form: PostForm) -> Moment | None:
    """The moment the form names, None where it names none. Raises Invalid and Twice."""
    wall = form.cleaned_data.get("at")
    if wall is None:
        return None
    return releasing.moment(wall, town_of(request).zone, form.cleaned_data["fold"], now_of(request))


def planned_time(request: HttpRequest, post: Post) -> datetime | None:
    """The earliest time of the post that is still to come, on the town's clocks."""
    times = [one.due_at for one in post.placements.all() if one.due_at and one.due_at > now_of(request)]
    return to_wall(min(times), town_of(request).zone) if times else None


def _asked_words(request: HttpRequest, channels: dict[str, Channel]) -> Words:
    """What a link to the composer fills in: text, link, kind, topic, channels."""
    asked = request.GET
    kinds = dict(PostForm.base_fields["kind"].choices)  # type: ignore[attr-defined]
    named = [key for key in asked.getlist("channel") if key in channels]
    topic = asked.get("topic", "")
    return Words(
        text=asked.get("text", "")[:5000],
        link=asked.get("link", "")[:500],
        kind=asked["kind"] if asked.get("kind") in kinds else "news",
        topic=Topic.objects.filter(pk=topic).first() if topic.isdigit() and len(topic) < 12 else None,
        own=dict.fromkeys(named or plainly.usual(channels), ""),
    )


def picked(request: HttpRequest, words: Words) -> Words:
    """With the pictures the address names: `?pick=` is how the library sends them here."""
    for key in request.GET.getlist("pick")[: wordings.MOST_PICTURES]:
        try:
            words = picking.with_picked(words, key, person(request), now_of(request))
        except Invalid as why:
            messages.error(request, f"{why.words} {why.next_step}".strip())
    return words


def _asked_time(request: HttpRequest) -> datetime | None:
    try:
        asked = request.GET.get("at") or f"{request.GET.get('day', '')}T10:00"
        return datetime.fromisoformat(asked).replace(tzinfo=None)
    except ValueError:
        return None


def _is_key(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
