"""The forms of an emergency: short, each with one thing to say, and none that loses what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from accounts.access import who_may
from accounts.models import User
from calendar_app.alerting import Draft
from calendar_app.forms import FoldedForm
from calendar_app.models import EmergencyMessage, Frozen, Rumour
from policy import hazards
from policy.cap.alerts import CERTAINTY, SEVERITY, URGENCY
from policy.cap.rules import circle_problems, polygon_problems
from policy.models import EmergencyPlan, Issuer

SECOND = "second_"
LENGTHS = {"source": 120, "hazard_words": 300, "place": 200, "action": 300, "time": 120, "not_for": 200}
LABELS = {
    "hazard_words": "What is happening, and what it does",
    "place": "Where exactly",
    "action": "What people should do",
    "time": "By when, or until when",
    "source": "Who is speaking",
    "not_for": "Whom it does not concern",
}
LONG = ("hazard_words", "action")
MINUTES = [
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "1 hour"),
    (120, "2 hours"),
    (240, "4 hours"),
    (720, "12 hours"),
]


class SwitchForm(forms.Form):
    """What happened, and whether it is real."""

    reason = forms.CharField(label="What happened", max_length=300)
    exercise = forms.BooleanField(label="This is an exercise: practice channels only", required=False)


class OffForm(forms.Form):
    why = forms.CharField(label="Why it is over", max_length=300)


class MessageForm(forms.Form):
    """The five parts, in one language or two, and what may stand beside them. Nothing is required by the form itself:
    whether a message is whole is asked of the message."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    span = forms.UUIDField(required=False, widget=forms.HiddenInput)
    hazard = forms.ChoiceField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=EmergencyMessage.KINDS, widget=forms.HiddenInput)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    outside = forms.UUIDField(required=False, widget=forms.HiddenInput)
    minutes = forms.TypedChoiceField(label="Next update within", choices=MINUTES, coerce=int)
    more_url = forms.URLField(label="Page with more", required=False, max_length=300, assume_scheme="https")
    one_language_why = forms.CharField(label="Why one language goes first", required=False, max_length=200)
    fallback_why = forms.CharField(label="How you tried to reach them", required=False, max_length=200)
    urgency = forms.ChoiceField(label="Urgency", choices=[(one, one) for one in URGENCY], required=False)
    severity = forms.ChoiceField(label="Severity", choices=[(one, one) for one in SEVERITY], required=False)
    certainty = forms.ChoiceField(label="Certainty", choices=[(one, one) for one in CERTAINTY], required=False)
    polygons = forms.CharField(
        label="Areas as polygons", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )
    circles = forms.CharField(
        label="Areas as circles", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(self, *args: Any, second: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.second = second
        titles = hazards.language("en").templates
        self.fields["hazard"].choices = [(key, titles[key]["title"]) for key in hazards.HAZARDS]  # type: ignore[attr-defined]
        self.fields["polygons"].help_text = "One a line: 51.50,-0.12 51.52,-0.12 51.52,-0.10 51.50,-0.12"
        self.fields["circles"].help_text = "One a line: a point and kilometres, 51.50,-0.12 2.5"
        for prefix in ("", *([SECOND] if second else [])):
            for name, length in LENGTHS.items():
                widget = forms.Textarea(attrs={"rows": 2}) if name in LONG else forms.TextInput()
                if prefix:
                    widget.attrs["lang"] = second
                field = forms.CharField(label=LABELS[name], required=False, max_length=length, widget=widget)
                self.fields[f"{prefix}{name}"] = field

    def clean_polygons(self) -> list[str]:
        return self._areas("polygons", polygon_problems)

    def clean_circles(self) -> list[str]:
        return self._areas("circles", circle_problems)

    def _areas(self, name: str, check: Any) -> list[str]:
        rows = [" ".join(line.split()) for line in self.cleaned_data[name].splitlines() if line.strip()]
        for row in rows:
            for problem in check(row):
                raise forms.ValidationError(f"{problem[0].upper()}{problem[1:]}.")
        return rows

    def draft(self, replaces: EmergencyMessage | None) -> Draft:
        """The message as it is typed so far; also of a form with mistakes."""
        data: Mapping[str, Any] = {**dict.fromkeys(self.fields, ""), **getattr(self, "cleaned_data", {})}
        marks = tuple(data[name] for name in ("urgency", "severity", "certainty"))
        return Draft(
            hazard=data["hazard"] or "clear",
            kind=data["kind"] or "alert",
            parts={name: data[name] for name in LENGTHS},
            second_language=self.second,
            other={name: data[f"{SECOND}{name}"] for name in LENGTHS} if self.second else None,
            more_url=data["more_url"],
            minutes=data["minutes"] or 60,
            one_language_why=data["one_language_why"],
            fallback_why=data["fallback_why"],
            area={"polygons": data["polygons"] or [], "circles": data["circles"] or []},
            replaces=replaces,
            key=data["key"] or None,
            marks=(marks[0], marks[1], marks[2]) if all(marks) else None,
        )


class ThawForm(FoldedForm):
    """What becomes of one frozen post."""

    decision = forms.ChoiceField(choices=Frozen.DECISIONS)


class RumourForm(forms.ModelForm):
    """What people say, and where it was heard."""

    class Meta:
        model = Rumour
        fields = ("heard", "where")
        labels = {"heard": "What people say", "where": "Where it was heard"}


class SettleForm(forms.ModelForm):
    """What was found out, and where the correction stands."""

    verdict = forms.ChoiceField(label="Verdict", choices=[one for one in Rumour.VERDICTS if one[0] != "open"])

    class Meta:
        model = Rumour
        fields = ("verdict", "found", "link")
        labels = {"found": "What is known", "link": "Link to the correction"}


class PlanForm(forms.ModelForm):
    """What the town settles beforehand."""

    second_language = forms.ChoiceField(label="Second language", required=False)
    update_minutes = forms.TypedChoiceField(label="Next update within", choices=MINUTES, coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = EmergencyPlan
        fields = ("source", "number", "more_url", "sender", "version")
        labels = {
            "source": "Who is speaking",
            "number": "Emergency number",
            "more_url": "Page with more",
            "sender": "Name for other systems",
        }
        help_texts = {
            "sender": "How alerts for other systems name the town, such as warnings@fernhill.example. No spaces.",
            "source": "Stands at the end of every message.",
            "number": "Stands in every message that has room for it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(tag, name) for tag, name in hazards.languages().items() if tag != "en"]
        self.fields["second_language"].choices = [("", "English only"), *others]  # type: ignore[attr-defined]
        self.initial.setdefault("second_language", self.instance.second_language)
        self.initial.setdefault("update_minutes", self.instance.update_minutes)


class IssuerForm(forms.Form):
    """Somebody who may issue emergency messages."""

    user = forms.ModelChoiceField(
        User.objects.none(), label="Person", to_field_name="key", empty_label="Choose somebody"
    )
    fallback = forms.BooleanField(
        label="A fallback: speaks only when none of the others can be reached", required=False
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = Issuer.objects.current(now).values("user")
        people = who_may("see_emergency", now).exclude(pk__in=listed).order_by("name")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class TakeForm(forms.Form):
    """An alert from elsewhere: a file, or an address."""

    file = forms.FileField(label="CAP file", required=False)
    url = forms.URLField(label="Address of an alert or a feed", required=False, assume_scheme="https", max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("file")) == bool(data.get("url")) and not self.errors:
            raise forms.ValidationError("Choose a file or give an address, one of the two.")
        return data
