"""The form with which a conversation is escalated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Town
from accounts.refusals import Invalid
from accounts.walltime import from_wall
from engagement import escalating
from engagement.deciding import Question
from engagement.models import Decision
from policy import finalsay, guides

WALL = "%Y-%m-%dT%H:%M"


class EscalateForm(forms.Form):
    """What is to be decided, on which subject, resting on what, in which words, and by when."""

    subject = forms.ChoiceField(label="Subject", help_text="It says who decides.")
    reason = forms.ChoiceField(
        label="Why", widget=forms.RadioSelect, choices=Decision.REASONS, error_messages={"required": "Choose a reason."}
    )
    words = forms.CharField(
        label="What is to be decided?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence what is to be decided."},
    )
    text = forms.CharField(
        label="Your suggestion for the answer",
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Without one, whoever decides writes it.",
    )
    clause = forms.ChoiceField(label="The clause it rests on", required=False)
    due = forms.DateTimeField(
        label="Decide by",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL),
        input_formats=[WALL],
        help_text="After that it moves to the deputy. It is never approved by time passing.",
        error_messages={"required": "Choose a day and a time.", "invalid": "Choose a day and a time."},
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = Town.here().zone
        self.fields["subject"].choices = [(one, _named(one, now)) for one in escalating.subjects(now)]  # type: ignore[attr-defined]
        self.fields["clause"].choices = [("", "None"), *_clauses()]  # type: ignore[attr-defined]

    def clean_due(self) -> datetime:
        try:
            return from_wall(self.cleaned_data["due"].replace(tzinfo=None), self.zone, 0)
        except Invalid as refused:
            raise forms.ValidationError(f"{refused.words} {refused.next_step}") from None

    def question(self) -> Question:
        data = self.cleaned_data
        return Question(data["reason"], data["words"].strip(), data["subject"], data["clause"], data["due"])


def _named(subject: str, now: datetime) -> str:
    """The subject with who decides on it now."""
    holder = finalsay.who(subject, now).holder
    return f"{subject[:1].upper()}{subject[1:]} ({holder.name})" if holder else f"{subject} (every approver)"


def _clauses() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (guides.NAMES[guide], [(f"{guide}:{one.anchor}", f"{one.number} {one.title}") for one in clauses])
        for guide, clauses in guides.everything().items()
    ]
