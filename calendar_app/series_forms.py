"""The form of a series: on which days it comes, at what time, and until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms

from accounts.refusals import Invalid
from calendar_app import recurring
from calendar_app.forms import FOLDS
from calendar_app.recurring import DAYS, PLACES, Rule

UNITS = [("day", "days"), ("week", "weeks"), ("month", "months")]
WEEK = [(str(n), name) for n, name in enumerate(DAYS)]
GAPS = [
    (recurring.SKIP, "Leave that day out"),
    (recurring.LATER, "Go out that day, later by as much as the clocks jump"),
]
HTML_DATE = {"type": "date"}


class SeriesForm(forms.Form):
    """`ask(gaps, folds)` makes the two questions about the clocks visible."""

    name = forms.CharField(label="Name of the series", max_length=80)
    start = forms.DateField(label="From", widget=forms.DateInput(attrs=HTML_DATE, format="%Y-%m-%d"))
    clock = forms.TimeField(label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    every = forms.IntegerField(label="Every", min_value=1, max_value=99, initial=1)
    unit = forms.ChoiceField(label="Days, weeks or months", choices=UNITS, initial="week")
    weekdays = forms.MultipleChoiceField(label="On", choices=WEEK, required=False, widget=forms.CheckboxSelectMultiple)
    month_by = forms.ChoiceField(
        label="In a month",
        choices=[("day", "On the same day of the month"), ("place", "On a weekday of the month")],
        required=False,
        widget=forms.RadioSelect,
        initial="day",
    )
    place = forms.TypedChoiceField(
        label="Which one", choices=[(n, name.capitalize()) for n, name in PLACES.items()], coerce=int, required=False
    )
    weekday = forms.TypedChoiceField(label="Weekday", choices=WEEK, coerce=int, required=False)
    ends = forms.ChoiceField(
        label="It ends", choices=[("count", "After so many parts"), ("until", "On a day")], widget=forms.RadioSelect
    )
    count = forms.IntegerField(label="Parts", required=False, min_value=2, max_value=recurring.MOST, initial=6)
    until = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs=HTML_DATE, format="%Y-%m-%d")
    )
    fold = forms.ChoiceField(label="A time comes twice. Which one?", choices=FOLDS, required=False)
    gaps = forms.ChoiceField(label="A time does not exist. What then?", choices=GAPS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("fold", "gaps"):
            if not self.data.get(name):
                self.fields[name].widget = forms.HiddenInput()
            else:
                self._show(name)

    def _show(self, name: str) -> None:
        field: Any = self.fields[name]
        field.widget = forms.RadioSelect(choices=field.choices)

    def ask(self, asked: recurring.Asks) -> None:
        """Show what was asked, each with the days it is about."""
        for name, told in (("gaps", asked.gaps), ("fold", asked.folds)):
            if told:
                self._show(name)
                self.add_error(name, " ".join(told))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("ends") == "until" and not data.get("until"):
            self.add_error("until", "Say on which day it ends.")
        if data.get("ends") == "count" and not data.get("count"):
            self.add_error("count", "Say how many parts it has.")
        return data

    def clean_fold(self) -> int | None:
        return int(self.cleaned_data["fold"]) if self.cleaned_data.get("fold") else None

    def rule(self) -> Rule:
        """The rule a valid form says."""
        data = self.cleaned_data
        by_place = data["unit"] == "month" and data["month_by"] == "place"
        days: tuple[int, ...] = ()
        if data["unit"] == "week":
            days = tuple(sorted(int(one) for one in data["weekdays"])) or (data["start"].weekday(),)
        elif by_place:
            if data["weekday"] in (None, "") or data["place"] in (None, ""):
                raise Invalid("Say which weekday of the month, such as the second Tuesday.")
            days = (data["weekday"],)
        return Rule(
            unit=data["unit"],
            every=data["every"],
            start=data["start"],
            clock=data["clock"].replace(second=0, microsecond=0),
            weekdays=days,
            place=data["place"] if by_place else 0,
            until=data["until"] if data["ends"] == "until" else None,
            count=data["count"] if data["ends"] == "count" else None,
        )


def initial_of(name: str, wall: datetime | None, today: date) -> dict[str, Any]:
    """What the form begins with: the post's own time where it has one."""
    start = wall.date() if wall else today
    return {
        "name": name[:80],
        "start": start,
        "clock": f"{wall:%H:%M}" if wall else "10:00",
        "weekdays": [str(start.weekday())],
        "weekday": start.weekday(),
        "place": min((start.day - 1) // 7 + 1, 4),
        "ends": "count",
    }
