"""Forms of this room: an objective."""

from __future__ import annotations

from typing import Any

from django import forms

from metrics import catalogue
from policy.models import Objective


class ObjectiveForm(forms.ModelForm):
    """An objective needs a sentence, an owner, a measure with target and date; a baseline needs its day and source."""

    class Meta:
        model = Objective
        fields = (
            "sentence",
            "family",
            "owner",
            "why",
            "measure",
            "baseline",
            "baseline_on",
            "baseline_source",
            "target",
            "target_on",
        )
        widgets = {
            "measure": forms.Select(choices=catalogue.choices()),
            "why": forms.Textarea(attrs={"rows": 3}),
            "baseline_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "target_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "sentence": "The objective in one sentence",
            "family": "What it is for",
            "why": "Why it matters",
            "measure": "What measures it",
            "baseline": "Where it stands at the start",
            "baseline_on": "Measured on",
            "baseline_source": "Where that number comes from",
            "target": "Where it should be",
            "target_on": "By when",
        }

    def clean_measure(self) -> str:
        """Only weekly measures can carry an objective."""
        name: str = self.cleaned_data["measure"]
        if name not in catalogue.WEEKLY:
            raise forms.ValidationError("Choose one of the listed measures.")
        return name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("baseline") is not None and not (data.get("baseline_on") and data.get("baseline_source")):
            self.add_error("baseline_on", "A starting number needs its day and where it comes from.")
        start, end = data.get("baseline_on"), data.get("target_on")
        if start and end and end <= start:
            self.add_error("target_on", "The target's day must come after the day of the starting number.")
        return data
