"""Forms of campaigns that are to change something: the goal, a count by hand, and what residents knew."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms

from metrics import behaviour
from metrics.models import BehaviourGoal, Recall
from policy.models import Topic

DATE = {"type": "date"}


def _list(names: list[str]) -> forms.TextInput:
    """A line that offers what is known already; `counts` is the list beside the form."""
    return forms.TextInput(attrs={"list": "counts"} if names else {})


class GoalForm(forms.ModelForm):
    class Meta:
        model = BehaviourGoal
        exclude = ("campaign", "by", "at")
        widgets = {
            name: forms.DateInput(attrs=DATE, format="%Y-%m-%d")
            for name in ("before_first", "before_last", "after_first", "after_last")
        }
        labels = {
            "behaviour": "What people should do otherwise",
            "wanted": "Should there be more or fewer of it",
            "counted": "What is counted: the name of a count",
            "topic": "Or: calls and e-mails about",
            "compared": "To compare with: the name of a count the campaign does not touch",
            "compared_topic": "Or: calls and e-mails about",
            "target": "How many a week it should be",
            "before_first": "First week before",
            "before_last": "Last week before",
            "after_first": "First week after",
            "after_last": "Last week after",
        }
        help_texts = {
            "counted": "As in the files of visits, sign-ups and other counts. It can be brought in later.",
            "before_first": "Any day of the week. At least three weeks before and three after.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = behaviour.known_counts()
        for name in ("counted", "compared"):
            self.fields[name].widget = _list(names)
        for name in ("topic", "compared_topic"):
            self.fields[name].queryset = Topic.objects.filter(active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        said = {name: (data.get(name) or "").strip() for name in ("counted", "compared")}
        topics = {"counted": data.get("topic"), "compared": data.get("compared_topic")}
        data |= said
        for name, words in said.items():
            if words and topics[name]:
                self.add_error(name, "Choose one of the two: the count or the topic.")
        if not said["counted"] and not topics["counted"]:
            self.add_error("counted", "Say what is counted: a count or a topic.")
        same = said["counted"] and said["counted"].casefold() == said["compared"].casefold()
        if same or topics["counted"] and topics["counted"] == topics["compared"]:
            self.add_error("compared", "Compare with something else.")
        if data.get("target") is not None and data["target"] < 0:
            self.add_error("target", "Not below nought.")
        self._in_order(data)
        return data

    def _in_order(self, data: dict[str, Any]) -> None:
        names = ("before_first", "before_last", "after_first", "after_last")
        for earlier, later in pairwise(names):
            first, then = data.get(earlier), data.get(later)
            if first and then and (then < first or later == "after_first" and then == first):
                self.add_error(later, f"It comes before the {str(self.fields[earlier].label).lower()}.")


class CountForm(forms.Form):
    label = forms.CharField(label="What is counted", max_length=120)
    on = forms.DateField(label="Week", widget=forms.DateInput(attrs=DATE), help_text="Any day of it.")
    value = forms.DecimalField(label="How many", min_value=0, max_digits=12, decimal_places=2)
    source = forms.CharField(label="Where this number comes from", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].widget = _list(behaviour.known_counts())


class RecallForm(forms.ModelForm):
    class Meta:
        model = Recall
        fields = ("question", "on", "asked", "knew", "how", "source")
        widgets = {"on": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}
        labels = {
            "question": "What was asked",
            "on": "On",
            "asked": "How many were asked",
            "knew": "How many knew",
            "how": "Where and how they were asked",
            "source": "Where these numbers come from",
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        asked, knew = data.get("asked"), data.get("knew")
        if asked is not None and asked < 1:
            self.add_error("asked", "At least one.")
        elif asked is not None and knew is not None and knew > asked:
            self.add_error("knew", "More than were asked.")
        return data


class TakeBackForm(forms.Form):
    why = forms.CharField(label="Why it is taken back", max_length=300)
