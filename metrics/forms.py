"""Forms of this room: an objective, what its measure is about, and what a contact costs."""

from __future__ import annotations

from typing import Any

from django import forms

from metrics import aims
from metrics.measures.ledger import rule_of
from metrics.models import Aim, UnitCost
from policy.models import Objective, Topic


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
            "active",
        )
        widgets = {
            "measure": forms.Select(),
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
            "active": "It is worked on: posts can name it, and its standing is shown",
        }
        help_texts = {"target": "Of what is counted, such as ideas, people who wrote or calls: so many a week."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].widget.choices = aims.choices()
        if self.instance.pk is None:
            del self.fields["active"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self._fit(data.get("family", ""), data.get("measure", ""))
        if data.get("baseline") is not None and not (data.get("baseline_on") and data.get("baseline_source")):
            self.add_error("baseline_on", "A starting number needs its day and where it comes from.")
        start, end = data.get("baseline_on"), data.get("target_on")
        if start and end and end <= start:
            self.add_error("target_on", "The target's day must come after the day of the starting number.")
        return data

    def _fit(self, family: str, measure: str) -> None:
        """Each family has its own measures; one that an objective has already is kept."""
        if not family or not measure or "measure" not in self.changed_data and "family" not in self.changed_data:
            return
        if not aims.fits(family, measure):
            offered = dict(aims.choices()).get(dict(Objective.FAMILIES).get(family, ""), [])
            names = ", ".join(words for _, words in offered)
            self.add_error("measure", f"Choose one of the listed measures. This kind is measured by: {names}.")


class AimForm(forms.ModelForm):
    """The topic a measure is about; only some measures are about one."""

    class Meta:
        model = Aim
        fields = ("topic", "control", "since")
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {
            "topic": "The topic it is about",
            "control": "A topic nothing is done about, to compare with",
            "since": "Since when something is done",
        }
        help_texts = {"topic": "Only for measures of calls and e-mails."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("topic", "control"):
            self.fields[name].queryset = Topic.objects.filter(active=True)  # type: ignore[attr-defined]
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("control") and data.get("control") == data.get("topic"):
            self.add_error("control", "The topic to compare with is another one.")
        return data

    def fits(self, objective: ObjectiveForm) -> bool:
        """Whether it names a topic where the measure is about one; says so where it does not."""
        rule = rule_of(objective.cleaned_data["measure"])
        if rule is not None and rule.about_topic and not self.cleaned_data.get("topic"):
            self.add_error("topic", "Choose the topic whose calls and e-mails are counted.")
            return False
        return True

    def keep(self, objective: Objective) -> None:
        """Write it down for this objective; without a topic there is nothing it is about."""
        data = self.cleaned_data
        if data.get("topic") is None:
            Aim.objects.filter(objective=objective).delete()
        else:
            facts = {name: data.get(name) for name in ("topic", "control", "since")}
            Aim.objects.update_or_create(objective=objective, defaults=facts)


class CostForm(forms.ModelForm):
    """What one contact or one hour costs, from lowest to highest."""

    class Meta:
        model = UnitCost
        fields = ("route", "low", "high", "source", "dated")
        widgets = {"dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {
            "route": "What it is the cost of",
            "low": "At least",
            "high": "At most",
            "source": "Where this number comes from",
            "dated": "As of",
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        low, high = data.get("low"), data.get("high")
        if low is not None and high is not None and high < low:
            self.add_error("high", "The highest is below the lowest.")
        return data
