"""The composer's form and the small ones beside it: what a person types becomes words, times and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from calendar_app import carrying_forms
from calendar_app.carrying import More
from calendar_app.carrying_forms import CarryingForm
from calendar_app.declaring import CONTRAST, YES_NO, Declared, Paid
from calendar_app.models import Campaign
from calendar_app.models.posts import BENEFITS, KINDS
from calendar_app.words import MOST_FACTS, MOST_PICTURES, Alt, Sourced, Words
from channels_app.models import Channel
from policy.checks.languages import NAMES
from policy.models import Objective, Topic
from policy.situations import EVERYDAY, SITUATIONS

CLOCK = "%Y-%m-%dT%H:%M"
FOLDS = [("0", "The first, before the clocks go back"), ("1", "The second, after the clocks went back")]


class WallField(forms.Field):
    """A time on the town's clocks, naive on purpose: whether it exists there is asked later, in the town's words."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format=CLOCK)
    default_error_messages = {"invalid": "Enter a day and a time, such as 2027-03-05 10:00."}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            return datetime.fromisoformat(str(value).strip().replace(" ", "T")).replace(tzinfo=None, fold=0)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class FoldedForm(forms.Form):
    """A form with a time that may come twice; `ask_fold()` makes the question visible."""

    at = WallField(label="Day and time", required=False)
    fold = forms.ChoiceField(choices=FOLDS, required=False, label="This time comes twice. Which one?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fold"].widget = forms.HiddenInput()

    def ask_fold(self) -> None:
        self.fields["fold"].widget = forms.RadioSelect(choices=FOLDS)

    def clean_fold(self) -> int | None:
        return int(self.cleaned_data["fold"]) if self.cleaned_data.get("fold") else None


class PostForm(FoldedForm, CarryingForm):
    """Everything about a post on one page. Own wordings and pictures are fields by the channel's and media's key."""

    text = forms.CharField(
        label="Text", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 7}), max_length=100_000
    )
    language = forms.ChoiceField(
        label="Language of these words",
        choices=list(NAMES.items()),
        required=False,
        help_text="What reads them aloud speaks them in it.",
    )
    link = forms.URLField(
        label="Link",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"list": "service-links"}),
    )
    kind = forms.ChoiceField(label="Kind of post", choices=KINDS)
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label="Choose a topic")
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), required=False, to_field_name="key", empty_label="No campaign"
    )
    objective = forms.ModelChoiceField(
        Objective.objects.none(), required=False, to_field_name="key", empty_label="Choose an objective"
    )
    unplanned = forms.BooleanField(label="Unplanned: it serves no objective", required=False)
    benefit = forms.ChoiceField(
        label="What readers get from it", choices=[("", "Choose one"), *BENEFITS], required=False
    )
    situation = forms.ChoiceField(label="Situation", choices=SITUATIONS, required=False)
    paid = forms.BooleanField(label="Somebody paid for it, or it is made with a partner", required=False)
    partner = forms.CharField(label="With whom", required=False, max_length=120)
    new_fact = forms.CharField(label="Figure, date or quote", required=False, max_length=300)
    new_source = forms.CharField(label="Where it comes from", required=False, max_length=500)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, channels: Mapping[str, Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = channels
        chosen: Mapping[str, Any] = self.initial
        self.fields["topic"].queryset = Topic.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = Campaign.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["objective"].queryset = Objective.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["channels"] = forms.MultipleChoiceField(
            choices=[(key, str(channel)) for key, channel in channels.items()], required=False, label="Channels"
        )
        for key, channel in channels.items():
            self.fields[f"own_{key}"] = forms.CharField(
                label=f"Own wording for {channel.name} on {channel.get_platform_display()}",
                required=False,
                strip=False,
                max_length=100_000,
                initial=chosen.get("own", {}).get(key, ""),
                widget=forms.Textarea(attrs={"rows": 6, "placeholder": "The text for all channels goes out here."}),
            )

    def words(self, language: str = "") -> Words:
        """The words a valid form holds."""
        data = self.cleaned_data
        own = {key: lines(data[f"own_{key}"]) for key in data["channels"]}
        return Words(
            text=lines(data["text"]),
            link=data["link"],
            kind=data["kind"],
            topic=data["topic"],
            campaign=data["campaign"],
            objective=data["objective"],
            unplanned=data["unplanned"] and not data["objective"],
            benefit=data["benefit"],
            language=data["language"] or language,
            own=own,
            pictures=self.pictures(),
            situation=data["situation"] or EVERYDAY,
            paid=Paid(data["paid"], data["partner"].strip() if data["paid"] else ""),
            facts=self.facts(),
            more={key: more for key in own if (more := carrying_forms.more_of(self.data, key)) != More()},
            call=data["call"],
            quote=self.quote(),
            consent=self.consent(),
        )

    def pictures(self) -> tuple[Alt, ...]:
        """The pictures in the order of the page, each with its alt text and what is declared about it."""
        unique = list(dict.fromkeys(self._all("picture")))[: MOST_PICTURES + 1]
        return tuple(
            Alt(key, lines(self.data.get(f"alt_{key}", ""))[:5000].strip(), self._declared(key)) for key in unique
        )

    def facts(self) -> tuple[Sourced, ...]:
        """The facts on the page; who checked them is not the form's to say."""
        rows = zip(self._all("fact"), self._all("source"), strict=False)
        return tuple(Sourced(words[:300], source[:500]) for words, source in rows)[:MOST_FACTS]

    def _declared(self, key: str) -> Declared:
        said = set(self._all(f"declared_{key}"))
        text = lines(self.data.get(f"text_{key}", ""))[:2000].strip() if "has_text" in said else ""
        looked = self.data.get(f"contrast_{key}", "") if "has_text" in said else ""
        ticked: dict[str, Any] = {name: name in said for name in YES_NO}
        return Declared(text=text, contrast=looked if looked in dict(CONTRAST) else "", **ticked)

    def _all(self, name: str) -> Sequence[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else ()


class MoveForm(FoldedForm):
    """A new time for placements of one post; `was` is the time the person saw."""

    was = forms.DateTimeField(required=False, widget=forms.HiddenInput())


class ManyForm(forms.Form):
    """How far, or to which day, several posts are to move."""

    days = forms.IntegerField(label="Days", required=False, min_value=-366, max_value=366)
    day = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class DecideForm(forms.Form):
    """What a person decides about a delivery that waits for one."""

    decision = forms.ChoiceField(
        choices=[("it_is_there", ""), ("send", ""), ("reschedule", ""), ("drop", "")], required=True
    )
    reason = forms.CharField(
        label="How do you know?", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    url = forms.CharField(label="Link to it on the platform", required=False, max_length=500)
    at = WallField(label="New day and time", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput())


def lines(text: str) -> str:
    """Text with plain line breaks: browsers send two characters for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def initial_of(words: Words, at: datetime | None, version: int) -> dict[str, Any]:
    """What the composer shows for words that are stored."""
    return {
        "text": words.text,
        "link": words.link,
        "language": words.language,
        "kind": words.kind,
        "topic": words.topic,
        "campaign": words.campaign,
        "objective": words.objective,
        "unplanned": words.unplanned,
        "benefit": words.benefit,
        "situation": words.situation,
        "paid": words.paid.paid,
        "partner": words.paid.partner,
        "channels": list(words.own),
        "own": dict(words.own),
        "at": at,
        "version": version,
        **carrying_forms.initial_of(words.call, words.quote, words.consent),
    }
