"""Words and lists: what is not said and what is said instead, edited as text, taken out and brought back whole."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace
from policy import listing, voice
from policy.checks import RULES
from policy.checks import house as houses
from policy.profile import Profile
from policy.views.voice import now_of

LARGEST = 400_000


class ListForm(forms.Form):
    """One list as text."""

    text = forms.CharField(
        label="The list", required=False, strip=False, max_length=LARGEST, widget=forms.Textarea(attrs={"rows": 18})
    )
    version = forms.IntegerField(widget=forms.HiddenInput())


class ImportForm(forms.Form):
    """Lists as a file that was exported here, or from another town's Parley."""

    file = forms.FileField(label="File with lists")
    version = forms.IntegerField(widget=forms.HiddenInput())


@allow("see_policy")
def lists(request: HttpRequest) -> HttpResponse:
    """Every list with what it is for, how long it is, and whether it is the town's own."""
    return _page(request)


def _page(request: HttpRequest, form: ImportForm | None = None, status: int = 200) -> HttpResponse:
    held = voice.current()
    context = {
        "here": "words",
        "rows": [_told(held.profile, name) for name in listing.names()],
        "may_change": may(person(request), "change_voice", now_of(request)),
        "form": form or ImportForm(initial={"version": held.n}),
    }
    return render(request, "policy/words.html", context, status=status)


def _told(held: Profile, name: str) -> dict[str, object]:
    if name in listing.SETS:
        title, rule, help_text = listing.SETS[name]
    else:
        one = houses.word_lists()[name]
        title, rule, help_text = one.title, one.rule, one.help
    return {
        "name": name,
        "title": title,
        "rule": RULES.get(rule),
        "help": help_text,
        "count": listing.count(held, name),
        "changed": listing.changed(held, name),
        "plain": name in listing.SETS,
    }


@allow("see_policy")
def show_list(request: HttpRequest, name: str) -> HttpResponse:
    """One list: read by everybody, a form for those who may change it."""
    return _list(request, name)


@require_POST
@allow("change_voice")
def change_list(request: HttpRequest, name: str) -> HttpResponse:
    """The list as the text has it, as a new version."""
    form = ListForm(request.POST)
    if form.is_valid() and name in listing.names():
        try:
            wanted = listing.put(voice.current().profile, name, form.cleaned_data["text"])
            _save(request, wanted, form.cleaned_data["version"], f"{listing.title(name)} changed")
        except (listing.Unreadable, Invalid, LostRace) as why:
            form.add_error("text", str(why))
        else:
            return redirect("voice:lists")
    return _list(request, name, form)


def _list(request: HttpRequest, name: str, form: ListForm | None = None) -> HttpResponse:
    if name not in listing.names():
        raise Http404
    held = voice.current()
    initial = {"text": listing.text_of(held.profile, name), "version": held.n}
    may_change = may(person(request), "change_voice", now_of(request))
    told = {"one": _told(held.profile, name), "may_change": may_change, "here": "words"}
    context = told | {"form": form or ListForm(initial=initial)}
    return render(request, "policy/list.html", context, status=422 if form else 200)


@allow("see_policy")
def export_lists(request: HttpRequest) -> HttpResponse:
    """Every list as one text file."""
    answer = HttpResponse(listing.export(voice.current().profile), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="words.txt"'
    return answer


@require_POST
@allow("change_voice")
def import_lists(request: HttpRequest) -> HttpResponse:
    """Every list the file names becomes as the file has it; the others stay."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        if form.cleaned_data["file"].size > LARGEST:
            raise listing.Unreadable("The file is too large for lists of words.")
        text = form.cleaned_data["file"].read().decode("utf-8-sig")
        wanted, told = listing.bring_in(voice.current().profile, text)
        _save(request, wanted, form.cleaned_data["version"], f"Lists brought in: {', '.join(told)}")
    except UnicodeDecodeError:
        form.add_error("file", "This is no text file in UTF-8.")
    except (listing.Unreadable, Invalid, LostRace) as why:
        form.add_error("file", str(why))
    else:
        return redirect("voice:lists")
    return _page(request, form, 422)


def _save(request: HttpRequest, wanted: Profile, seen: int, remark: str) -> None:
    made = voice.change(wanted, seen, remark, by=person(request), now=now_of(request))
    messages.success(request, f"Saved as version {made.n}. The checks keep to it from now on.")
