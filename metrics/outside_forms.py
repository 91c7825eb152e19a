"""Forms of figures from other systems: a file, how it is read, what its columns mean, why it is taken back."""

from __future__ import annotations

from typing import Any

from django import forms

from calendar_app.dating import ORDERS
from calendar_app.reading import ENCODINGS, SEPARATORS, Table
from metrics.outside.kinds import KINDS, Kind, by_route


class TakeForm(forms.Form):
    kind = forms.ChoiceField(label="What it is about", choices=[(one.key, one.name) for one in KINDS.values()])
    file = forms.FileField(
        label="CSV file or workbook (XLSX)",
        allow_empty_file=True,
        help_text="At most 5 MB and 10,000 rows. The first line names the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
    )


class ReadForm(forms.Form):
    """How a file is read, and where its numbers come from."""

    source = forms.CharField(
        label="Where these numbers come from",
        max_length=200,
        help_text="The system and who draws the numbers from it. It stands beside every figure.",
    )
    encoding = forms.ChoiceField(label="Encoding", choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(label="Between the columns", choices=list(SEPARATORS.items()))
    order = forms.ChoiceField(label="Dates are written with the", choices=list(ORDERS.items()))

    def read(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("encoding", "separator", "order")}


class ColumnsForm(forms.Form):
    """One field for each column of the file: what it means."""

    def __init__(self, *args: Any, kind: Kind, table: Table, known: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        meanings = {place: name for name, place in known.items()}
        for place, head in enumerate(table.heads):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=head,
                choices=[("", "Leave it out"), *kind.meanings.items()],
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
                self.add_error(name, f"“{label}” is {self.kind.meanings[meaning]} already.")
            elif meaning:
                seen[meaning] = name
        if by_route(seen) and {"route", "value"} & set(seen):
            self.add_error(None, "Either each column is of one route, or one column says how they got in touch.")
        elif lacking := self.kind.lacking(seen):
            self.add_error(None, f"Say which column holds: {', '.join(lacking)}.")
        return data

    def columns(self) -> dict[str, int]:
        """What was said: meaning and place."""
        return {meaning: int(name.removeprefix("column_")) for name, meaning in self.cleaned_data.items() if meaning}


class TakeBackForm(forms.Form):
    why = forms.CharField(label="Why it is taken back", max_length=300)
