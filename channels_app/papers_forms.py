"""What a person fills in about a channel's case, its kit and its line in the key register."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import NativeRole, User
from channels_app import cases
from channels_app.kit import Ticked
from channels_app.models import Papers
from policy.models import Objective

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def few(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def people() -> Any:
    return User.objects.filter(is_active=True).order_by("name")


class CaseForm(forms.Form):
    """The six answers. Each may be left for later; what is written is kept."""

    audience = forms.CharField(
        label="Audience evidence",
        help_text="Who is to be met here, and what shows that they are: a survey, a count, a source with its date.",
        widget=few(3),
        required=False,
    )
    objective = forms.ModelChoiceField(
        Objective.objects.none(), label="Objective", empty_label="Not settled yet", required=False
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Owner",
        to_field_name="key",
        empty_label="Not settled yet",
        required=False,
        help_text="The person who answers for it.",
    )
    weekly_hours = forms.DecimalField(
        label="Staff hours a week kept for it",
        min_value=Decimal(0),
        max_value=Decimal(168),
        decimal_places=1,
        required=False,
        help_text="0 is an answer too, and will be compared with the work it makes.",
    )
    moderation = forms.CharField(
        label="Moderation cover",
        help_text="Who reads here on working days, in the evening and at weekends, and who when they are away.",
        widget=few(2),
        required=False,
    )
    exit_plan = forms.CharField(
        label="Exit plan",
        help_text="When the town would leave, what people are told, and what becomes of the account and its records.",
        widget=few(2),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].queryset = Objective.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]


def case_of(papers: Papers) -> dict[str, Any]:
    """What stands in the papers, as the form's first values."""
    known = {field: getattr(papers, field) for field in cases.ANSWERS}
    return known | {"objective": papers.objective_id, "owner": papers.owner.key if papers.owner else None}


class KitForm(forms.Form):
    """What was done, and in a few words how."""

    items = forms.MultipleChoiceField(
        label="What is done",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one thing."},
    )
    note = forms.CharField(
        label="What was done",
        max_length=300,
        widget=few(2),
        error_messages={"required": "Say in a few words what was done."},
    )

    def __init__(self, kit: list[Ticked], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(one.item.key, one.item.name) for one in kit]  # type: ignore[attr-defined]


class RegisterForm(forms.Form):
    """A channel's line in the key register. No password belongs here."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label="Owner", to_field_name="key", empty_label="Nobody yet", required=False
    )
    recovery = forms.CharField(
        label="How it is got back",
        max_length=300,
        required=False,
        help_text="The address or telephone of the town that is asked, and who reads it. Never a password or a code.",
    )
    second_factor = forms.CharField(
        label="What shows that it asks for a second factor",
        max_length=300,
        required=False,
        help_text="Where the screenshot or the list of the network is filed.",
    )
    second_factor_on = forms.DateField(label="Seen on", widget=DAY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("second_factor") and not given.get("second_factor_on") and "second_factor_on" not in self.errors:
            self.add_error("second_factor_on", "Say on which day it was seen.")
        return given


class AdministratorForm(forms.Form):
    """Somebody who can reach the account on its network."""

    who = forms.ModelChoiceField(User.objects.none(), label="Who", to_field_name="key", empty_label="Choose somebody")
    kind = forms.ChoiceField(label="What they can do there", choices=NativeRole.KINDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = people()  # type: ignore[attr-defined]
