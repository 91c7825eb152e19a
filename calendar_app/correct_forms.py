"""Forms after publishing: a mistake and how it is put right, and why something is taken down."""

from __future__ import annotations

from typing import Any

from django import forms

from calendar_app.corrections import Told
from calendar_app.models import TakedownDecision


class CorrectionForm(forms.Form):
    """What was wrong, what is right, who was reached, and what is decided."""

    wrong = forms.CharField(
        label="What was wrong",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As it was written.",
    )
    right = forms.CharField(label="What is right", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    reached = forms.CharField(
        label="Who was reached", max_length=300, help_text="How many saw it, and who may have acted on it."
    )
    lesson = forms.CharField(
        label="What we learn from it",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the desk.",
    )
    decision = forms.ChoiceField(
        label="What is done",
        choices=[
            ("correct", "Correct it visibly, on the same channels. A draft is begun; an approver signs it."),
            ("none", "No correction, for a reason"),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="Why no correction", required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "none" and not str(data.get("why", "")).strip():
            self.add_error("why", "Say why there is no correction; it stays on record.")
        return data

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(data["wrong"], data["right"], data["reached"], data["lesson"], data["decision"], data["why"])


class TakedownForm(forms.Form):
    """Why a post is taken down."""

    ground = forms.ChoiceField(label="Why", choices=TakedownDecision.GROUNDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="In a sentence", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="It stays on record."
    )
