"""The form of a rule: when it holds and what it does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.access import who_may
from accounts.models import Scope, User
from channels_app.models import Channel
from engagement.models import Conversation, Label, RuleVersion
from engagement.rules.matching import language
from engagement.wordmatch import lines

MOST = 60  # phrases in one box
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
TICKS = forms.CheckboxSelectMultiple


def _box(label: str, help_text: str, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=4000, widget=widget)


class RuleForm(forms.Form):
    """Everything of a rule but its place in the order. `said()` is what `keeping` takes."""

    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Give the rule a name."})
    words = _box(
        "If it says one of these", "One a line. Whole words, with or without capitals and accents; “bin*” is bin, bins…"
    )
    without = _box("But not if it says", "One a line.", 2)
    channels = forms.ModelMultipleChoiceField(Channel.objects.none(), label="On", required=False, widget=TICKS)
    authors = _box("Written by", "Handles, one a line. Only what is written to the town itself is ever looked at.", 2)
    languages = forms.CharField(
        label="Language",
        required=False,
        max_length=80,
        help_text="As the platform marks it, such as “cy, pl”. What carries no mark fits none.",
    )
    hours = forms.ChoiceField(label="Written", choices=RuleVersion.HOURS, initial="any")
    opens = forms.TimeField(label="From", required=False, widget=TIME)
    closes = forms.TimeField(label="Until", required=False, widget=TIME)
    labels = forms.ModelMultipleChoiceField(Label.objects.all(), label="Label it", required=False, widget=TICKS)
    new_label = forms.CharField(label="A new label", required=False, max_length=40)
    assignee = forms.ModelChoiceField(
        User.objects.none(), label="Give it to a person", required=False, empty_label="Nobody by a rule"
    )
    department = forms.ModelChoiceField(
        Scope.objects.filter(kind="department").order_by("name"),
        label="Give it to a department",
        required=False,
        empty_label="None by a rule",
    )
    priority = forms.TypedChoiceField(
        label="Priority",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "As it is"), *Conversation.PRIORITIES[2:]],
    )
    notify = forms.ModelMultipleChoiceField(User.objects.none(), label="Tell", required=False, widget=TICKS)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: dict[str, QuerySet[Any]] = {
            "channels": Channel.objects.living().order_by("name", "platform"),
            "assignee": who_may("answer", now).order_by("name"),
            "notify": who_may("see_inbox", now).order_by("name"),
        }
        for name, rows in people.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_words(self) -> list[str]:
        return self._phrases("words")

    def clean_without(self) -> list[str]:
        return self._phrases("without")

    def clean_authors(self) -> list[str]:
        return self._phrases("authors")

    def clean_languages(self) -> list[str]:
        codes = [language(one) for one in self.cleaned_data["languages"].replace(",", " ").split()]
        wrong = [one for one in codes if not (one.isalpha() and 2 <= len(one) <= 3)]
        if wrong:
            raise forms.ValidationError(f"“{wrong[0]}” is no language code. Use two or three letters, such as “cy”.")
        return list(dict.fromkeys(codes))

    def _phrases(self, name: str) -> list[str]:
        found = lines(self.cleaned_data[name])
        if len(found) > MOST:
            raise forms.ValidationError(f"At most {MOST} lines.")
        if any(len(one) > 100 for one in found):
            raise forms.ValidationError("A line is at most 100 characters long.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("hours") == "between" and not (data.get("opens") and data.get("closes")):
            self.add_error("hours", "Say from when until when.")
        elif data.get("hours") == "between" and data["opens"] == data["closes"]:
            self.add_error("hours", "From and until are the same time.")
        return data

    def said(self) -> dict[str, Any]:
        """The conditions and acts as `keeping` takes them; a new label is made where it is not there yet."""
        said = {
            name: value for name, value in self.cleaned_data.items() if name not in {"name", "new_label", "version"}
        }
        new = str(self.cleaned_data["new_label"]).strip()
        said["labels"] = list(said["labels"])
        if new:
            known = Label.objects.filter(name__iexact=new).first() or Label.objects.create(name=new)
            said["labels"] = list({one.pk: one for one in [*said["labels"], known]}.values())
        if said["hours"] != "between":
            said["opens"] = said["closes"] = None
        return said


def initial_of(version: RuleVersion) -> dict[str, Any]:
    """A version as the form shows it."""
    plain = ("hours", "opens", "closes", "assignee", "department", "priority")
    return {name: getattr(version, name) for name in plain} | {
        "name": version.rule.name,
        "words": "\n".join(version.words),
        "without": "\n".join(version.without),
        "authors": "\n".join(version.authors),
        "languages": ", ".join(version.languages),
        "channels": version.channels.all(),
        "labels": version.labels.all(),
        "notify": version.notify.all(),
        "version": version.n,
    }
