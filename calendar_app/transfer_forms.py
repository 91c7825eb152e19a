"""Forms of what comes in and goes out: a file, the meaning of its columns, and which days a table holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from calendar_app import sheets
from calendar_app.dating import ORDERS
from calendar_app.exporting import MOST_DAYS
from calendar_app.reading import ENCODINGS, SEPARATORS, Table

FORMATS = [
    ("csv", "CSV, for any program and for importing again"),
    ("xlsx", "XLSX, a workbook, which can be imported too"),
]
HTML_DATE = {"type": "date"}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="CSV file or workbook (XLSX)",
        allow_empty_file=True,
        help_text="At most 5 MB and 10,000 rows. The first line names the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
    )


class ExportForm(forms.Form):
    """Days of the town, the last one included."""

    first = forms.DateField(label="From", widget=forms.DateInput(attrs=HTML_DATE, format="%Y-%m-%d"))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs=HTML_DATE, format="%Y-%m-%d"))
    undated = forms.BooleanField(label="With drafts that have no day", required=False)
    form = forms.ChoiceField(label="As", choices=FORMATS, initial="csv")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first: date | None = data.get("first")
        last: date | None = data.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day is before the first.")
        elif first and last and (last - first).days > MOST_DAYS:
            self.add_error("last", "A table holds three years at most.")
        return data


class ReadForm(forms.Form):
    """How a file is read. The encoding is asked only where its bytes do not say it."""

    encoding = forms.ChoiceField(label="Encoding", choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(label="Between the columns", choices=list(SEPARATORS.items()))
    order = forms.ChoiceField(label="Dates are written with the", choices=list(ORDERS.items()))
    time = forms.TimeField(
        label="Time of rows that name only a day",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Left empty, such rows are not imported.",
    )

    def read(self) -> dict[str, str]:
        data = self.cleaned_data
        return {
            "encoding": data["encoding"],
            "separator": data["separator"],
            "order": data["order"],
            "time": f"{data['time']:%H:%M}" if data["time"] else "",
        }


class ColumnsForm(forms.Form):
    """One field for each column of the file: what it means."""

    def __init__(self, *args: Any, table: Table, known: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        meanings = {place: name for name, place in known.items()}
        choices = [("", "Leave it out"), *sheets.COLUMNS.items()]
        for place, head in enumerate(table.heads):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=head,
                choices=choices,
                required=False,
                initial=meanings.get(place, ""),
                help_text=" · ".join(one[:60] for one in table.samples(place)) or "Empty",
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen: dict[str, str] = {}
        for name, meaning in list(data.items()):
            if meaning and meaning in seen:
                label = self.fields[seen[meaning]].label
                self.add_error(name, f"“{label}” is {sheets.COLUMNS[meaning]} already.")
            elif meaning:
                seen[meaning] = name
        if not {"text", "own"} & set(seen):
            self.add_error(None, "Say which column holds the text.")
        return data

    def columns(self) -> dict[str, int]:
        """What was said: meaning and place."""
        return {meaning: int(name.removeprefix("column_")) for name, meaning in self.cleaned_data.items() if meaning}
