"""Forms of asking: kick-starters, input calls with their themes and outcomes, and the idea box."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from engagement.models import InputCall, KickStarter, Suggestion, Theme


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    """A day, as browsers pick one."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def long_field(label: str, help_text: str = "", *, most: int = 500, required: bool = True) -> forms.CharField:
    """Words of a few lines."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, max_length=most, required=required, widget=widget)


class KickStarterForm(forms.Form):
    """The shape, the question as it is in the post, until when answers count, and what they are for."""

    shape = forms.ChoiceField(label="Shape", choices=KickStarter.SHAPES, widget=forms.RadioSelect)
    question = forms.CharField(label="Question", max_length=300, help_text="As it stands in the post.")
    closes_on = day_field("Answers count until", "The end of this day in town.")
    call = forms.ModelChoiceField(
        InputCall.objects.none(),
        label="Input call",
        required=False,
        empty_label="None: it feeds no decision",
        help_text="The decision these answers feed. The result then goes back to those who answered.",
    )

    def __init__(self, today: date, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.fields["call"].queryset = InputCall.objects.filter(state__in=["draft", "open"])  # type: ignore[attr-defined]

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if day < self.today:
            raise forms.ValidationError("That day is over. Choose today or a later day.")
        return day


class CallForm(forms.Form):
    """An input call as a draft: everything but the question may still be missing."""

    question = forms.CharField(label="Question", max_length=300, help_text="In words a neighbour would use.")
    decision = forms.CharField(
        label="Decision it feeds",
        max_length=300,
        required=False,
        help_text="Such as: council vote on Mill Road, 3 May.",
    )
    level = forms.ChoiceField(label="What is promised", choices=InputCall.LEVELS, widget=forms.RadioSelect)
    decider = forms.CharField(label="Who decides", max_length=200, required=False, help_text="A body or a role.")
    returns = forms.CharField(
        label="How the results come back", max_length=300, required=False,
        help_text="Such as: a reply to everybody who answered, and a post on each channel.",
    )  # fmt: skip
    opens_on = day_field("Opens on", required=False)
    closes_on = day_field("Closes on", "The last day on which answers count.", required=False)
    heard_on = day_field("“What we heard” by", "The day by which people are told what was made of it.", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        opens, closes, heard = (data.get(name) for name in ("opens_on", "closes_on", "heard_on"))
        if opens and closes and closes < opens:
            self.add_error("closes_on", "It cannot close before it opens.")
        if closes and heard and heard < closes:
            self.add_error("heard_on", "People can be told only once the call is closed for answers.")
        return data


class ThemeForm(forms.Form):
    """A new theme."""

    name = forms.CharField(label="New theme", max_length=120, help_text="Such as: benches and shade.")


class OutcomeForm(forms.Form):
    """What becomes of a theme, with the reason."""

    outcome = forms.ChoiceField(label="What becomes of it", choices=[("", "Choose…"), *Theme.OUTCOMES])
    words = forms.CharField(
        label="In a sentence, to those who said it",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It goes back to them in these words.",
    )


class HeardForm(forms.Form):
    """What we heard, as it was published."""

    heard_words = long_field("What we heard", "The summary as people can read it.", most=4000)
    heard_url = forms.URLField(
        label="Where it is published", required=False, max_length=500, assume_scheme="https",
        help_text="The address of the post or page, once it is out.",
    )  # fmt: skip


class SuggestionForm(forms.Form):
    """Where an idea stands, who looks after it, and what came of it."""

    state = forms.ChoiceField(label="Where it stands", choices=Suggestion.STATES)
    owner = forms.ModelChoiceField(User.objects.none(), label="Who looks after it", empty_label=None)
    words = forms.CharField(
        label="What came of it", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, people: QuerySet[User], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
