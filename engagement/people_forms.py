"""Forms of relationships, the stakeholder map, outreach, supporters and the time log."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from accounts.refusals import Invalid
from engagement import relations
from engagement.asking_forms import day_field, long_field
from engagement.models import Contact, Relationship, Stake, Supporter, TimeEntry
from policy.models import Objective


class RelationshipForm(forms.Form):
    """A record: who it is, by which accounts they are known, who keeps in touch."""

    kind = forms.ChoiceField(label="Kind", choices=Relationship.KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label="Name", max_length=160, help_text="Of the organisation, the group or the office.")
    about = forms.CharField(label="What they do", max_length=300, required=False)
    handles = forms.CharField(
        label="Accounts",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One per line: the platform, then the handle: X @foodbank, or Mastodon @foodbank@social.example.",
    )
    owner = forms.ModelChoiceField(User.objects.none(), label="Who keeps in touch", empty_label=None)
    language = forms.CharField(label="Language they prefer", max_length=40, required=False)
    basis = forms.CharField(
        label="Basis",
        max_length=300,
        required=False,
        help_text="Why we may keep this. Needed for a private individual: their own consent, and the day they gave it.",
    )
    reach = forms.IntegerField(
        label="How many people they reach", required=False, min_value=0, max_value=100_000_000,
        help_text="Members or followers, of organisations and groups only.",
    )  # fmt: skip
    reach_source = forms.CharField(label="Where that number is from", max_length=200, required=False)
    quiet_days = forms.IntegerField(label="Quiet after", min_value=1, max_value=3650, help_text="Days without contact.")
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    def clean_handles(self) -> relations.Handles:
        try:
            return relations.read_handles(self.cleaned_data["handles"])
        except Invalid as why:
            raise forms.ValidationError(f"{why.words} {why.next_step}".strip()) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "person" and not data.get("basis"):
            self.add_error("basis", relations.NEEDS_BASIS)
        return data


class ContactForm(forms.Form):
    """That we were in touch."""

    kind = forms.ChoiceField(label="What it was", choices=Contact.KINDS)
    words = forms.CharField(label="In a few words", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    on = day_field("On")


class SnoozeForm(forms.Form):
    """Leave it quiet for now."""

    until = day_field("Leave it quiet until")
    reason = forms.CharField(label="Why", max_length=200)


class FollowUpForm(forms.Form):
    """A reminder; no day takes it away."""

    on = day_field("On", required=False)
    words = forms.CharField(label="What is to be done", max_length=200, required=False)


class StakeForm(forms.Form):
    """An organisation or group and an objective, with what shows it."""

    relationship = forms.ModelChoiceField(
        Relationship.objects.filter(kind__in=Relationship.TOGETHER, active=True),
        label="Organisation or group",
        empty_label="Choose…",
    )
    objective = forms.ModelChoiceField(Objective.objects.filter(active=True), label="Objective", empty_label="Choose…")
    openness = forms.TypedChoiceField(label="How open they are", choices=Stake.OPENNESS, coerce=int, initial=3)
    evidence = forms.CharField(label="What shows it", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    link = forms.URLField(label="Link", required=False, max_length=500, assume_scheme="https")


class WeightsForm(forms.Form):
    """One number per objective."""

    def __init__(self, objectives: list[Objective], weights: dict[int, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objectives = {f"w{one.pk}": one for one in objectives}
        for name, one in self.objectives.items():
            self.fields[name] = forms.IntegerField(
                label=one.sentence, min_value=0, max_value=10, initial=weights.get(one.pk, 1)
            )

    def chosen(self) -> dict[Objective, int]:
        """The weights as they were entered."""
        return {one: self.cleaned_data[name] for name, one in self.objectives.items()}


class PlaceForm(forms.Form):
    """A group or page of others: its rules, who of us writes there, and the line that says who we are."""

    name = forms.CharField(label="Name of the group or page", max_length=160)
    url = forms.URLField(label="Address", max_length=500, assume_scheme="https")
    relationship = forms.ModelChoiceField(
        Relationship.objects.filter(active=True), label="Whose it is", required=False, empty_label="No record"
    )
    house_rules = long_field("Their house rules", "What they ask of whoever writes there.", most=4000, required=False)
    may_post = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who of us may write there", widget=forms.CheckboxSelectMultiple
    )
    disclosure = forms.CharField(
        label="The line that says who we are", max_length=200,
        help_text="It has to be in everything we write there, such as: I work for Fernhill Council.",
    )  # fmt: skip

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["may_post"].queryset = people  # type: ignore[attr-defined]


class OutreachForm(forms.Form):
    """What was written there."""

    words = long_field("What you wrote", "Exactly, with the line that says who we are.", most=4000)
    url = forms.URLField(label="Link to it", max_length=500, assume_scheme="https")
    on = day_field("On")


class ChoicesForm(forms.Form):
    """How the town reaches out."""

    own_page_only = forms.BooleanField(label="Answer on our own page instead of at others’", required=False)
    weekly_goal = forms.IntegerField(label="New relationships a week", min_value=0, max_value=50)
    community_name = forms.CharField(
        label="What we call ourselves together",
        max_length=80,
        required=False,
        help_text="Such as: Fernhill neighbours.",
    )


class FollowForm(forms.Form):
    """Noted by hand, per account."""

    planned = forms.BooleanField(label="In the plan", required=False)
    followed_on = day_field("We follow them since", required=False)
    back_on = day_field("They follow us since", required=False)


class SupporterForm(forms.Form):
    """Somebody who agreed to be named."""

    kind = forms.ChoiceField(label="List", choices=Supporter.KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label="Name as they want it", max_length=120)
    why = forms.CharField(label="What they do, or what they are thanked for", max_length=200)
    relationship = forms.ModelChoiceField(
        Relationship.objects.filter(kind__in=Relationship.TOGETHER, active=True),
        label="Belongs to",
        required=False,
        empty_label="Nobody else",
    )
    consent = forms.CharField(
        label="How they agreed", max_length=200, help_text="Such as: by e-mail to the desk, kept under Consents 2026."
    )
    consent_on = day_field("On")


class TimeForm(forms.Form):
    """Minutes of one's own."""

    activity = forms.ChoiceField(label="What it was", choices=TimeEntry.ACTIVITIES)
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=1440)
    on = day_field("On")
    words = forms.CharField(label="Note", max_length=200, required=False)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
