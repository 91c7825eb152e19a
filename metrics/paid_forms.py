"""Forms of the paid register: what is paid for, money and results, a permission, and why something is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from calendar_app.models import Campaign, Post
from channels_app.models import Channel
from metrics.models import Paid, PaidEntry
from policy.models import Objective

POSTS = 200


class PaidForm(forms.ModelForm):
    class Meta:
        model = Paid
        fields = (
            "kind", "title", "text", "objective", "campaign", "post", "channel", "supplier", "budget", "starts_on",
            "ends_on", "disclaimer", "label", "shown_to", "left_out", "outcome",
        )  # fmt: skip
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "kind": "What is paid for",
            "title": "What it is called",
            "text": "What it says in public, word for word",
            "objective": "The objective it serves",
            "campaign": "Campaign",
            "post": "The post that is shown",
            "channel": "Channel",
            "supplier": "Who is paid",
            "budget": "What it may cost at most",
            "starts_on": "From",
            "ends_on": "To, included",
            "disclaimer": "The sentence that says who pays",
            "label": "Label the platform asks for",
            "shown_to": "Whom it is shown to",
            "left_out": "Whom it is not shown to",
            "outcome": "What counts as a result",
        }
        help_texts = {
            "disclaimer": "Nothing starts without it. For example: Paid for by Fernhill Council.",
            "label": "Words about an election, a vote or somebody who stands for one make it political.",
            "outcome": "For example sign-ups, clicks or calls.",
        }

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = Post.objects.visible_to(user, now).living().order_by("-changed_at")
        newest = list(shown.values_list("pk", flat=True)[:POSTS])
        kept, active = self.instance, Q(active=True)
        queries = {
            "objective": Objective.objects.filter(active | Q(pk=kept.objective_id)),
            "campaign": Campaign.objects.filter(active | Q(pk=kept.campaign_id)),
            "post": Post.objects.filter(pk__in=[*newest, kept.post_id]).order_by("-changed_at"),
            "channel": Channel.objects.living(),
        }
        for name, rows in queries.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "It ends before it starts.")
        if data.get("budget") is not None and data["budget"] < 0:
            self.add_error("budget", "Not below nought.")
        return data


class EntryForm(forms.ModelForm):
    class Meta:
        model = PaidEntry
        fields = ("what", "on", "value", "source")
        widgets = {"on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {"what": "What it is", "on": "On", "value": "How much", "source": "Where this number comes from"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = PaidEntry.WHAT  # type: ignore[attr-defined]

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if value < 0:
            raise forms.ValidationError("Not below nought.")
        return value


class WhyForm(forms.Form):
    why = forms.CharField(label="Why", max_length=300)
