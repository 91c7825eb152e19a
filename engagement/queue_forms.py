"""Forms of the queue: how urgent, until when out of sight, into which conversation, with which messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from accounts.models import Scope, User
from engagement import handing, words
from engagement.models import Conversation, Message

MORNING = 9


class RankForm(forms.Form):
    """How urgent, and why."""

    priority = forms.TypedChoiceField(
        label="Priority", coerce=int, widget=forms.RadioSelect, choices=Conversation.PRIORITIES[::-1]
    )
    reason = forms.CharField(
        label="Why?", max_length=200, error_messages={"required": "Say why; colleagues read it in the history."}
    )


class SnoozeForm(forms.Form):
    """Until when, and what it waits for. The choices are worked out from now, in the town's zone."""

    when = forms.ChoiceField(label="Until when?", widget=forms.RadioSelect)
    until = forms.DateTimeField(
        label="The other time",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label="What does it wait for?",
        max_length=200,
        help_text="It stays open and its clock runs on; a new message of the resident brings it back at once.",
        error_messages={"required": "Say what it waits for; colleagues read it."},
    )

    def __init__(self, now: datetime, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.moments = moments(now)
        named = [(key, f"{name}: {words.when(at, now)}") for key, (name, at) in self.moments.items()]
        self.fields["when"].choices = [*named, ("other", "Another time")]  # type: ignore[attr-defined]
        self.fields["when"].initial = "tomorrow"

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("when") == "other" and not data.get("until"):
            self.add_error("until", "Choose the day and the time.")
        return data

    def moment(self) -> datetime:
        chosen: str = self.cleaned_data["when"]
        if chosen == "other":
            other: datetime = self.cleaned_data["until"]
            return other
        return self.moments[chosen][1]


def moments(now: datetime) -> dict[str, tuple[str, datetime]]:
    """What can be chosen at one touch, by the clocks of the town."""
    local = timezone.localtime(now)
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return {
        "later": ("In three hours", now + timedelta(hours=3)),
        "tomorrow": ("Tomorrow morning", morning + timedelta(days=1)),
        "monday": ("Monday morning", morning + timedelta(days=7 - local.weekday())),
    }


class MergeForm(forms.Form):
    """Into which conversation of the same channel."""

    target = forms.ChoiceField(
        label="Merge it into",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the conversation its messages belong to."},
    )

    def __init__(self, found: Sequence[Conversation], now: datetime, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            (str(one.key), f"{one.person or 'Somebody'}, {words.when(one.last_at, now)}: {one.excerpt[:90]}")
            for one in found
        ]


class SplitForm(forms.Form):
    """Which messages begin a conversation of their own."""

    messages = forms.MultipleChoiceField(
        label="These messages begin a conversation of their own",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one message."},
    )

    def __init__(self, found: Sequence[Message], now: datetime, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.ids = {one.remote_id: one.pk for one in found}
        self.fields["messages"].choices = [  # type: ignore[attr-defined]
            (one.remote_id, f"{'We' if one.ours else one.person}, {words.when(one.at, now)}: {one.text[:90]}")
            for one in found
        ]

    def chosen(self) -> list[int]:
        return [self.ids[remote_id] for remote_id in self.cleaned_data["messages"]]


class ManyAssignForm(forms.Form):
    """Who gets all of them; nobody means everybody."""

    to = forms.ModelChoiceField(
        User.objects.none(), label="Person", required=False, empty_label="Everybody", widget=forms.RadioSelect
    )

    def __init__(self, people: Sequence[int], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]


class EntrustForm(forms.Form):
    """Which department it lies with; none means the desk."""

    to = forms.ModelChoiceField(
        Scope.objects.none(),
        label="Department",
        required=False,
        empty_label="No department: the desk has it",
        widget=forms.RadioSelect,
        help_text="It says whose matter this is, and the queue can be filtered by it. Nobody is asked or told; to ask "
        "them something, use “Ask a department”.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].queryset = handing.departments()  # type: ignore[attr-defined]
