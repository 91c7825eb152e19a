"""The forms of the page People."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError

from accounts import walltime
from accounts.models import Scope
from accounts.models.grants import ROLES

LAST_YEAR = 2200
ROLE_HELP = {
    "contributor": "writes ideas; nothing of theirs goes out by itself",
    "officer": "drafts posts and answers residents",
    "publisher": "schedules and publishes, decides on failed deliveries",
    "approver": "signs off posts and replies",
    "manager": "sees everything, sets objectives, can stop publishing",
    "records_officer": "sees and hands out records, changes nothing",
    "administrator": "people, channels and settings; approves nothing",
}


class InviteForm(forms.Form):
    """Whom, and as what."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label="Name", max_length=120, required=False, widget=forms.TextInput())
    role = forms.ChoiceField(
        label="Role", choices=[(key, f"{words}: {ROLE_HELP[key]}") for key, words in ROLES], widget=forms.RadioSelect
    )
    scope = forms.ModelChoiceField(Scope.objects.none(), label="For", required=False, empty_label="All channels")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["scope"].queryset = Scope.objects.filter(closed_at=None)  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """A right: what, over what, until when."""

    role = forms.ChoiceField(label="Role", choices=ROLES)
    scope = forms.ModelChoiceField(Scope.objects.none(), label="For", required=False, empty_label="All channels")
    until = forms.DateField(
        label="Until the end of",
        required=False,
        help_text="For people who are here for a time.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["scope"].queryset = Scope.objects.filter(closed_at=None)  # type: ignore[attr-defined]

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day and day.year > LAST_YEAR:
            raise ValidationError("That day is too far away; leave it empty for a right without an end.")
        return day

    def ends_at(self, zone: str) -> datetime | None:
        """The first moment of the day after, in the town's zone."""
        day = self.cleaned_data.get("until")
        if day is None:
            return None
        return walltime.end_of_day(day, zone)
