"""The forms of what the plan holds itself to: civic dates, slots, cadence, topics, ceilings."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from calendar_app.models import Cadence, Slot
from calendar_app.models.rhythm import WEEKDAYS
from policy.models import CivicDate, PlanLimits, Topic

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DateForm(forms.ModelForm):
    """One civic date."""

    class Meta:
        model = CivicDate
        fields = ("day", "name", "kind", "at")
        labels = {"day": "Day", "name": "What it is", "kind": "Kind", "at": "Time"}
        help_texts = {"at": "On the town's clocks; leave it empty for the whole day."}
        widgets = {"day": DAY, "at": TIME}


class YearForm(forms.Form):
    """The year whose holidays are to be taken over."""

    year = forms.IntegerField(label="Year", min_value=2000, max_value=2099)


class SlotForm(forms.Form):
    """One time on one or several days of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Days", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    at = forms.TimeField(label="Time", widget=TIME)

    def save(self, channel: Any) -> list[Slot]:
        """The slots that were not there yet."""
        made = []
        for weekday in self.cleaned_data["weekdays"]:
            row, new = Slot.objects.get_or_create(channel=channel, weekday=weekday, at=self.cleaned_data["at"])
            made += [row] if new else []
        return made


class CadenceForm(forms.ModelForm):
    """How many posts a week, at least and at most."""

    class Meta:
        model = Cadence
        fields = ("least", "most")
        labels = {"least": "At least a week", "most": "At most a week"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", f"The most cannot be below the least, {least}.")
        return data


class TopicForm(forms.ModelForm):
    """One topic of the register."""

    class Meta:
        model = Topic
        fields = ("name", "niche", "audience", "owner", "evidence", "active")
        labels = {
            "name": "Topic",
            "niche": "Niche: for a small group that cares a lot",
            "audience": "Whom it is for",
            "owner": "Who looks after it",
            "evidence": "What shows that they want it",
            "active": "It can be chosen for posts",
        }
        help_texts = {"evidence": "Questions you get, visits to a page, a survey: something a colleague could check."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset, owner.empty_label = User.objects.filter(is_active=True).order_by("name"), "Nobody yet"


class LimitsForm(forms.ModelForm):
    """The ceilings, and how many topics the register has room for."""

    about_us_share = forms.IntegerField(label="Posts about ourselves, at most (%)", min_value=0, max_value=100)

    class Meta:
        model = PlanLimits
        fields = ("unplanned_share", "link_only_share", "niche_slots", "general_slots", "silent_days")
        labels = {
            "unplanned_share": "Posts without an objective, at most (%)",
            "link_only_share": "Posts that are little but a link, at most (%)",
            "niche_slots": "Niche topics",
            "general_slots": "General topics",
            "silent_days": "A topic is silent after so many days",
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("unplanned_share", "link_only_share"):
            if (data.get(name) or 0) > 100:
                self.add_error(name, "A share is 100 % at most.")
        if data.get("silent_days") == 0:
            self.add_error("silent_days", "At least one day.")
        return data
