"""Forms of legal requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from engagement.models import LegalRequest
from policy.requests import KINDS


class DeclineForm(forms.Form):
    """Why it is none."""

    why = forms.CharField(
        label="Why it is no such request",
        max_length=500,
        error_messages={"required": "Say why it is no such request."},
        help_text="It is kept, in case somebody asks later.",
    )


class HandForm(forms.Form):
    """To whom it goes."""

    officer = forms.ModelChoiceField(
        User.objects.none(), label="Officer in charge", to_field_name="key", empty_label="Choose somebody"
    )
    words = forms.CharField(
        label="What they should know", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """What became of it."""

    outcome = forms.ChoiceField(
        label="What became of it?",
        widget=forms.RadioSelect,
        choices=LegalRequest.OUTCOMES,
        error_messages={"required": "Choose what became of it."},
    )
    became = forms.CharField(
        label="In a sentence, and where that is kept",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a sentence what became of it, and where that is kept."},
    )


class NoteForm(forms.Form):
    """What kind of request somebody sees in a message."""

    kind = forms.ChoiceField(label="What is asked for by law", choices=list(KINDS.items()))
