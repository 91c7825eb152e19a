"""The forms of listening: a watch, a public voice, and what the town holds itself to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from accounts.models import User
from engagement.models import ListeningChoices, PublicVoice, Watch
from engagement.rules.matching import handle
from engagement.wordmatch import lines
from policy.models import Topic

MOST = 40  # names in one watch
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AGES = timedelta(days=90)


class WatchForm(forms.Form):
    """What is listened for, why and until when. `said()` is what `watching` takes."""

    kind = forms.ChoiceField(label="What it is on", choices=Watch.KINDS)
    name = forms.CharField(label="Name of the watch", max_length=80)
    names = forms.CharField(
        label="Listen for",
        help_text="One a line: names, nicknames and misspellings, such as “Town Hall” and “Toon Hall”. No residents.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what is listened for: at least one name."},
    )
    without = forms.CharField(
        label="But not with", help_text="One a line: words that tell another thing of that name.", required=False,
        max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    slips = forms.BooleanField(
        label="Forgive one slip of the pen",
        required=False,
        initial=True,
        help_text="In names of eight letters or more.",
    )
    search = forms.BooleanField(
        label="Search beyond our own channels", required=False, initial=True, help_text="Where a network lets us."
    )
    topic = forms.ModelChoiceField(Topic.objects.filter(active=True), label="Topic", required=False, empty_label="None")
    purpose = forms.CharField(
        label="What it is for",
        help_text="One sentence that you would say in public.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what it is for."},
    )
    basis = forms.ChoiceField(label="What it rests on", choices=Watch.BASES)
    ends_on = forms.DateField(
        label="Listens until", help_text="That day included; at most a year ahead.", widget=DAY,
        error_messages={"required": "Say until when."},
    )  # fmt: skip
    worker = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"),
        label="Key worker",
        required=False,
        empty_label="Nobody",
        help_text="Only for abuse of them or danger to them. They are asked first and see what is heard.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_names(self) -> list[str]:
        return self._lines("names")

    def clean_without(self) -> list[str]:
        return self._lines("without")

    def _lines(self, name: str) -> list[str]:
        found = lines(self.cleaned_data[name])
        if len(found) > MOST:
            raise forms.ValidationError(f"At most {MOST} lines.")
        for one in found:
            if len(one) > 80:
                raise forms.ValidationError("A line is at most 80 characters long.")
            if name == "names" and sum(letter.isalnum() for letter in one) < 3:
                raise forms.ValidationError(f"“{one}” is too short to listen for.")
        return found

    def said(self, zone: ZoneInfo) -> dict[str, Any]:
        """With the end as the moment at which the last day is over on the town's clocks."""
        kept = {"name", "kind", "names", "without", "slips", "search", "topic", "purpose", "basis", "worker"}
        said = {name: value for name, value in self.cleaned_data.items() if name in kept}
        after = self.cleaned_data["ends_on"] + timedelta(days=1)
        return said | {"ends_at": datetime.combine(after, datetime.min.time(), zone)}


def initial_of(watch: Watch, zone: ZoneInfo) -> dict[str, Any]:
    """A watch as the form shows it."""
    plain = ("kind", "name", "slips", "search", "topic", "purpose", "basis", "worker", "version")
    last = (watch.ends_at - timedelta(seconds=1)).astimezone(zone).date()
    return {name: getattr(watch, name) for name in plain} | {
        "names": "\n".join(watch.names),
        "without": "\n".join(watch.without),
        "ends_on": last,
    }


def fresh(today: date) -> dict[str, Any]:
    """What a new watch begins with."""
    return {"ends_on": today + AGES, "basis": "service"}


class VoiceForm(forms.ModelForm):
    """The account of an organisation, a group or a public role."""

    class Meta:
        model = PublicVoice
        fields = ("name", "kind", "handle", "why")
        labels = {"name": "Name", "kind": "Kind", "handle": "Account", "why": "What makes it public"}
        help_texts = {
            "handle": "Such as @fernhilllibrary, or @library@social.example on Mastodon.",
            "why": "Such as “registered charity” or “official account of the mayor”. No residents.",
        }

    def clean_handle(self) -> str:
        bare = handle(self.cleaned_data["handle"])
        if not bare or " " in bare or "/" in bare:
            raise forms.ValidationError("Write the account's name, such as @fernhilllibrary.")
        if PublicVoice.objects.filter(handle=bare, ended_at=None).exists():
            raise forms.ValidationError("It is on the list already.")
        return bare


class ChoicesForm(forms.ModelForm):
    """What the town holds its listening to."""

    class Meta:
        model = ListeningChoices
        fields = ("forget_days", "views_a_day", "loud_times", "loud_least")
        labels = {
            "forget_days": "Forget what nobody acted on after (days)",
            "views_a_day": "People one of us may look up a day",
            "loud_times": "Tell us when there is this many times the usual",
            "loud_least": "But only from this many in 24 hours",
        }
        help_texts = {"forget_days": "2 to 90. What is held for a reason stays; what is in the inbox is a record."}

    def clean_forget_days(self) -> int:
        days = int(self.cleaned_data["forget_days"])
        if not 2 <= days <= 90:
            raise forms.ValidationError("Between 2 and 90 days.")
        return days

    def clean_loud_times(self) -> float:
        times = float(self.cleaned_data["loud_times"])
        if not 1.5 <= times <= 100:
            raise forms.ValidationError("Between 1.5 and 100 times.")
        return times

    def clean_loud_least(self) -> int:
        least = int(self.cleaned_data["loud_least"])
        if least < 2:
            raise forms.ValidationError("At least 2.")
        return least
