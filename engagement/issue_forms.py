"""Forms of issues and places."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.db.models import QuerySet

from engagement.models import AlertRule, Issue, Place
from engagement.promise_forms import KeyField
from engagement.sorting import NAMES

MOST_BYTES, MOST_PLACES = 500_000, 5_000


class StatusForm(forms.Form):
    """How it stands, in one sentence."""

    status = forms.CharField(
        label="How it stands",
        required=False,
        max_length=300,
        help_text="One sentence for everybody who answers: the crew is there, water is back by six.",
    )


class CloseForm(forms.Form):
    """How an issue ends."""

    closing = forms.CharField(
        label="What the reporters are told",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Drafted once for each of them; each draft is checked and sent like any other answer.",
    )
    why = forms.CharField(label="Or why there is nothing to tell them", required=False, max_length=300)


class AddForm(forms.Form):
    """Which open issue this conversation reports as well."""

    issue = KeyField(Issue.objects.none(), label="Issue", to_field_name="key", empty_label=None)

    def __init__(self, rows: QuerySet[Issue], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issue"].queryset = rows  # type: ignore[attr-defined]


class SortForm(forms.Form):
    """What kind of conversation it is."""

    kind = forms.ChoiceField(choices=list(NAMES.items()))


class PlaceForm(forms.Form):
    """A place and what people call it."""

    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Say what the place is called."})
    others = forms.CharField(
        label="What people also write",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nicknames and misspellings, one to a line. Rd for Road and the like need not be written.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = Place.objects.filter(name__iexact=name)
        if (same.exclude(pk=self.place.pk) if self.place else same).exists():
            raise forms.ValidationError("There is a place of this name already.")
        return name

    def clean_others(self) -> list[str]:
        return tidy(str(self.cleaned_data["others"]).splitlines())


class ImportForm(forms.Form):
    """A list of places from a spreadsheet."""

    table = forms.FileField(
        label="A CSV file",
        help_text="A place to a line: its name, then what people also write, each in a cell of its own.",
        error_messages={"required": "Choose a file first."},
    )

    def clean_table(self) -> list[tuple[str, list[str]]]:
        sent = self.cleaned_data["table"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 500 kB; a list of places is not.")
        raw = sent.read()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
        rows = read_table(text)
        if not rows:
            raise forms.ValidationError("There is no place in this file.")
        if len(rows) > MOST_PLACES:
            raise forms.ValidationError(f"These are {len(rows)} places; at most {MOST_PLACES} can be read at once.")
        return rows


class ThresholdForm(forms.ModelForm):
    """When an alert is raised."""

    class Meta:
        model = AlertRule
        fields = ("reports", "minutes", "comments", "people", "within")
        labels = {
            "reports": "Reports that make an issue",
            "minutes": "Within so many minutes",
            "comments": "Comments that make a pile-on",
            "people": "From at least so many people",
            "within": "In so many minutes",
        }

    LEAST = {"reports": 2, "minutes": 5, "comments": 5, "people": 2, "within": 5}
    MOST = {"reports": 500, "minutes": 2880, "comments": 5000, "people": 2000, "within": 720}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            least, most = self.LEAST[name], self.MOST[name]
            field.widget.attrs |= {"min": least, "max": most}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, least in self.LEAST.items():
            if data.get(name) is not None and not least <= data[name] <= self.MOST[name]:
                self.add_error(name, f"Between {least} and {self.MOST[name]}.")
        return data


def tidy(names: list[str]) -> list[str]:
    """Names as they are kept: no doubles, nothing empty, none too long."""
    clean = [" ".join(one.split())[:80] for one in names]
    return list(dict.fromkeys(one for one in clean if one))[:60]


def read_table(text: str) -> list[tuple[str, list[str]]]:
    """Names with their other names from a table; a first line of headings is passed over, "|" and ";" part as well."""
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = []
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter)):
        name = " ".join(cells[0].split())[:80] if cells else ""
        if not name or (number == 0 and name.casefold() in ("name", "place", "street", "places", "streets")):
            continue
        others = [part for cell in cells[1:] for part in cell.replace("|", ";").split(";")]
        rows.append((name, tidy(others)))
    return rows
