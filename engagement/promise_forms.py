"""Forms of promises: what, who, by when; and how one ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from engagement.models import Promise

DAY = {"type": "date"}


def _day(label: str, help_text: str = "") -> forms.DateField:
    words = {"invalid": "Enter a day, such as 2026-12-04.", "required": "Say by which day."}
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), error_messages=words
    )


class KeyField(forms.ModelChoiceField):
    """One of some rows by its public key; what is no key is no choice."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class PersonField(KeyField):
    """Somebody at the desk, by name."""

    def __init__(self, label: str) -> None:
        words = {"required": "Choose who sees to it.", "invalid_choice": "Choose somebody from the list."}
        super().__init__(User.objects.none(), label=label, empty_label=None, to_field_name="key", error_messages=words)


class OwnerForm(forms.Form):
    """Who sees to it from now on."""

    owner = PersonField("Owner")

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class PromiseForm(OwnerForm):
    """A promise made by hand."""

    what = forms.CharField(
        label="What is promised",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As you would say it to a neighbour: the lamp at the school gate is mended.",
        error_messages={"required": "Say what is promised."},
    )
    due_on = _day("By when", "The last day on which it is still kept.")
    public = forms.BooleanField(label="It may be told in public when it is done", required=False, initial=True)

    field_order = ("what", "due_on", "owner", "public")


class ReDateForm(forms.Form):
    """Another day, and why."""

    due_on = _day("The new day")
    reason = forms.CharField(label="Why", max_length=300, error_messages={"required": "Say why it is another day."})


class KeepForm(forms.Form):
    """What the people who reported it are told."""

    closing = forms.CharField(
        label="The closing answer",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is drafted once for every reporter; each draft is checked and sent like any other answer.",
        error_messages={"required": "Write what the people who reported it are told."},
    )


class EndForm(forms.Form):
    """Why it was not kept, or is taken back; telling the reporters is offered."""

    reason = forms.CharField(
        label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": "Say why."}
    )
    closing = forms.CharField(
        label="What the reporters are told",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sorry, we can't, because of this; here is what you can do instead, and what comes next.",
    )


class JoinForm(forms.Form):
    """Which open promise this conversation asks for as well."""

    promise = KeyField(
        Promise.objects.none(),
        label="The same as",
        to_field_name="key",
        empty_label=None,
        error_messages={"required": "Choose a promise.", "invalid_choice": "That promise is not open any more."},
    )

    def __init__(self, rows: QuerySet[Promise], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promise"].queryset = rows  # type: ignore[attr-defined]
