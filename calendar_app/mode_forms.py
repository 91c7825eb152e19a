"""The forms of elections and mourning."""

from __future__ import annotations

from typing import Any

from django import forms

from calendar_app.models.posts import KINDS
from policy.holding import Rules
from policy.models import PublicName, Topic


def day(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """What it is, from which day to which, and why."""

    mode = forms.ChoiceField(label="What", choices=[("election", "Election"), ("mourning", "Mourning")])
    reason = forms.CharField(label="What for", max_length=300)
    first = forms.DateField(label="First day", widget=day(), help_text="Begins at midnight on the town's clocks.")
    last = forms.DateField(
        label="Last day", required=False, widget=day(), help_text="An election needs one: the day of the poll."
    )
    poll_on = forms.DateField(label="Day of the poll", required=False, widget=day())


class RulesForm(forms.Form):
    """What is held: kinds of post, topics, words, and whoever is on the list of names."""

    kinds = forms.MultipleChoiceField(
        label="Kinds of post", choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(label="Topics", required=False, widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label="Words and phrases",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line.",
    )
    names = forms.BooleanField(label="Whoever is on the list of names, in words or in a picture", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Topic.objects.filter(active=True).values_list("name", flat=True)
        self.fields["topics"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def rules(self) -> Rules:
        data = self.cleaned_data
        lines = [" ".join(line.split()) for line in data["words"].splitlines()]
        words = tuple(dict.fromkeys(line for line in lines if line))
        return Rules(frozenset(data["kinds"]), frozenset(data["topics"]), words, data["names"])


def rules_initial(rules: Rules) -> dict[str, Any]:
    return {
        "kinds": sorted(rules.kinds),
        "topics": sorted(rules.topics),
        "words": "\n".join(rules.words),
        "names": rules.names,
    }


class EndForm(forms.Form):
    why = forms.CharField(label="Why it ends", max_length=300)


class ExemptForm(forms.Form):
    """Who permitted it, and why it has to go out."""

    post = forms.UUIDField(widget=forms.HiddenInput)
    permitted_by = forms.CharField(
        label="Permitted by", max_length=120, help_text="A name, such as the monitoring officer's."
    )
    why = forms.CharField(label="Why it has to go out", max_length=300)


class NameForm(forms.ModelForm):
    """Somebody or something on the list of names."""

    class Meta:
        model = PublicName
        fields = ("name", "kind", "also")
        labels = {"name": "Name", "kind": "What they are", "also": "Also written"}
        help_texts = {"also": "Other spellings, separated by commas: Cllr Ames, Ruby Ames"}


class TaskForm(forms.Form):
    note = forms.CharField(label="What was done", max_length=300, required=False)
