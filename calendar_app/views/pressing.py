"""The small buttons inside the composer's form: a fix, a picture, a fact, a word on a finding. Each keeps the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from accounts.access import person, require
from accounts.refusals import Invalid, Refusal
from calendar_app import carrying, checking, closings, composing, declaring, drafting, picking, quoting, wording
from calendar_app import words as wordings
from calendar_app.carrying import More
from calendar_app.declaring import Paid
from calendar_app.forms import PostForm
from calendar_app.models import Post
from calendar_app.views import library
from calendar_app.views.finding import now_of, town_of
from calendar_app.words import Words
from channels_app import media
from channels_app.models import Channel, Media
from policy import judging, setting, voice

# Where the page comes back to after each of them.
BACK = {
    "pick": "#pictures",
    "remove": "#pictures",
    "earlier": "#pictures",
    "later": "#pictures",
    "card": "#pictures",
    "film_link": "#words",
    "take_master": "#words",
    "keep_own": "#words",
    "thread": "#words",
    "closing": "#words",
    "fix": "#checks",
    "override": "#checks",
    "dismiss": "#checks",
    "speak_again": "#checks",
    "fact_checked": "#facts",
    "fact_remove": "#facts",
}


def pressed(request: HttpRequest, form: PostForm, post: Post | None, channels: Mapping[str, Channel]) -> Words:
    """The form's words, after the button that was pressed. What cannot be done is said, and nothing typed is lost."""
    words = _disclosed(typed(request, form, post), post)
    asked = request.POST
    if asked.get("fix"):
        words = drafting.fixed(words, drafting.checked(words, channels, post, now_of(request)), asked["fix"])
    if asked.get("remove"):
        words = wordings.without_picture(words, asked["remove"])
    if asked.get("earlier"):
        words = wordings.picture_moved(words, asked["earlier"], -1)
    if asked.get("later"):
        words = wordings.picture_moved(words, asked["later"], 1)
    if asked.get("take_master") in words.own:
        words = words.but(own={**words.own, asked["take_master"]: ""})
    if asked.get("film_link") in words.own:
        words = picking.with_link_of_film(words, asked["film_link"])
    if asked.get("closing"):
        words = closings.put(words, asked["closing"])
    if asked.get("thread") in channels:
        words = _threaded(words, channels[asked["thread"]])
    return _facts(request, form, _pictured(request, _uploaded(request, library.picked(request, words))))


def _threaded(words: Words, channel: Channel) -> Words:
    """What is too long for this channel, cut into the parts of a thread; the link stays with the first."""
    key = str(channel.key)
    if key not in words.own or not carrying.can(channel).thread:
        return words
    blank = wording.Said(channel, "")

    def fits(text: str, place: int) -> bool:
        count = wording.measured(replace(blank, text=text, link="" if place else words.link))
        return count.used <= count.limit

    parts = closings.split(words.own[key].strip() or words.text.strip(), fits, carrying.can(channel).parts)
    if len(parts) < 2:
        return words
    more = words.more.get(key, More())
    own = {**words.own, key: parts[0]}
    return words.but(own=own, more={**words.more, key: replace(more, parts=(*parts[1:], *more.parts))})


def _pictured(request: HttpRequest, words: Words) -> Words:
    """With a picture made of the quote."""
    by, now, asked = person(request), now_of(request), request.POST
    try:
        if asked.get("card"):
            require(by, "upload_media", now)
            words = quoting.with_card(words, by=by, now=now)
    except Invalid as why:
        messages.error(request, f"{why.words} {why.next_step}".strip())
    return words


def typed(request: HttpRequest, form: PostForm, post: Post | None) -> Words:
    """The words a valid form holds; who checked a fact or recorded a consent is taken
    from the post and not from the form."""
    known = wordings.words_of(post) if post else Words()
    words = wordings.keep_checks(form.words(town_of(request).locale[:2]), known.facts)
    key, at = str(person(request).key), now_of(request).isoformat()
    return words.but(consent=carrying.recorded(words.consent, known.consent, key, at))


def _disclosed(words: Words, post: Post | None) -> Words:
    """What is declared is told to the public: the town's sentence goes into every wording that does not have it.

    Where somebody overrode the rule that wants it told, it stays out.
    """
    sentences = voice.current().profile.disclosures
    first = declaring.sentences([], words.paid, sentences)
    last = declaring.sentences([one.declared for one in words.pictures], Paid(), sentences)
    if not first and not last:
        return words
    decided = judging.judgements("post", post.key if post else None).values()
    if any(one.what == "overridden" and one.rule.startswith("H") for one in decided):
        return words
    own = {key: declaring.put(text, first, last) for key, text in words.own.items()}
    return replace(words, text=declaring.put(words.text, first, last), own=own)


def _uploaded(request: HttpRequest, words: Words) -> Words:
    for upload in request.FILES.getlist("pictures"):
        require(person(request), "upload_media", now_of(request))
        try:
            words = wordings.with_pictures(words, [_taken(request, upload)])
        except Invalid as why:
            messages.error(request, f"{why.words} {why.next_step}".strip())
    return words


def _taken(request: HttpRequest, upload: UploadedFile) -> Media:
    return media.take(upload, by=person(request), now=now_of(request), videos=True)


def _facts(request: HttpRequest, form: PostForm, words: Words) -> Words:
    asked, told, source = request.POST, form.cleaned_data["new_fact"], form.cleaned_data["new_source"]
    try:
        if told or source:
            words = wordings.with_fact(words, told, source)
        if asked.get("fact_checked", "").isdecimal():
            key, at = str(person(request).key), now_of(request).isoformat()
            words = wordings.fact_checked(words, int(asked["fact_checked"]), key, at)
        if asked.get("fact_remove", "").isdecimal():
            words = wordings.without_fact(words, int(asked["fact_remove"]))
    except Invalid as why:
        messages.error(request, f"{why.words} {why.next_step}".strip())
    return words


def judge(request: HttpRequest, post: Post) -> None:
    """What the checks say about the words just saved is remembered; an override or dismissal is carried out."""
    now, by = now_of(request), person(request)
    here = setting.at(now, town_of(request))
    checked = checking.of_post(post, here)
    checking.note_firings(post, checked, here, now)
    if request.POST.get("override"):
        require(by, "override_check", now)
    try:
        judging.decide(checking.about_post(post), [one.finding for one in checked], request.POST, by=by, now=now)
    except Refusal as why:
        messages.error(request, f"{why.words} {why.next_step}".strip())


def keep_own(request: HttpRequest, post: Post) -> None:
    """The own wording of a channel stays as it is, though the text for all has changed."""
    if request.POST.get("keep_own"):
        composing.keep_own(post, request.POST["keep_own"], by=person(request), now=now_of(request))


def back_to(request: HttpRequest) -> str | None:
    """The part of the page a small button leads back to; None where the form was sent to be saved or released."""
    if request.FILES:
        return "#pictures"
    if request.POST.get("act") == "fact":
        return "#facts"
    return next((place for name, place in BACK.items() if request.POST.get(name)), None)
