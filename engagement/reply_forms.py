"""Forms around answers: saved replies, the library, the two guided forms, questions to departments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Scope, User
from engagement import filling, library, saved
from engagement.considered import Fix, No
from engagement.handing import Question
from engagement.models import Considered
from policy.models import Topic

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SavedForm(forms.Form):
    """The words of a saved reply, and who has it."""

    name = forms.CharField(label="Name", max_length=80, help_text="What you will look for, such as “Bin day”.")
    text = forms.CharField(
        label="Words",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Fields: " + "; ".join(f"{{{name}}} {words}" for name, words in filling.FIELDS.items()) + ".",
    )
    shared = forms.BooleanField(label="Shared with the whole desk", required=False)

    def __init__(self, *args: Any, may_share: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        known = {name.partition(":")[0] for name in filling.FIELDS}
        wrong = [one for one in filling.left_in(text) if one.strip("{}").partition(":")[0] not in known]
        if wrong:
            raise forms.ValidationError(f"{', '.join(wrong)} is not a field Parley knows.")
        return text

    def words(self) -> saved.Words:
        return saved.Words(self.cleaned_data["name"], self.cleaned_data["text"], self.cleaned_data.get("shared", False))


class AnswerForm(forms.Form):
    """An answer for the library."""

    question = forms.CharField(label="Which question does it answer?", max_length=160)
    text = forms.CharField(
        label="The answer",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Take out what was meant for one person only. Fields such as {name} may stand in it.",
    )
    topic = forms.ModelChoiceField(
        Topic.objects.filter(active=True),
        label="Topic",
        required=False,
        empty_label="Anything else",
        help_text="Whoever has the final say on it approves the answer.",
    )
    review_on = forms.DateField(label="To be looked at again on", widget=DAY)

    def words(self) -> library.Words:
        return library.Words(**self.cleaned_data)


class FixForm(forms.Form):
    """We'll fix it: what, who, by when."""

    sorry = forms.CharField(
        label="Acknowledgement",
        max_length=200,
        required=False,
        help_text="One sentence, such as “Thank you, that is not good enough”.",
    )
    what = forms.CharField(
        label="What will be done?", max_length=200, help_text="It follows “We will”: “mend the light in Weir Street”."
    )
    owner = forms.ModelChoiceField(User.objects.none(), label="Who looks after it?", empty_label=None)
    due_on = forms.DateField(label="By when?", widget=DAY)
    reference = forms.CharField(label="Reference", max_length=40, required=False)
    public = forms.BooleanField(
        label="Everybody may know of this promise",
        required=False,
        initial=True,
        help_text="Untick it for what concerns one person alone. Who sees the answer itself does not change by it.",
    )

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    def told(self) -> Fix:
        return Fix(**self.cleaned_data)


class NoForm(forms.Form):
    """Sorry, we can't, because."""

    sorry = forms.CharField(
        label="Acknowledgement", max_length=200, required=False, help_text="One sentence that shows you read it."
    )
    code = forms.ChoiceField(
        label="Kind of reason", choices=[("", "Choose one"), *Considered.REASONS], help_text="Counted, never published."
    )
    reason = forms.CharField(
        label="The reason in plain words",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It follows “Sorry, we can't do that, because”.",
        error_messages={"required": "Say why in plain words: an answer like this is not sent without its reason."},
    )
    source = forms.URLField(label="Where it is set out", max_length=500, required=False, assume_scheme="https")
    alternative = forms.CharField(
        label="What is possible instead", max_length=300, required=False, help_text="It follows “What we can do:”."
    )
    next_step = forms.CharField(
        label="Where to go next, or how to appeal", max_length=300, required=False, help_text="A whole sentence."
    )

    def told(self) -> No:
        return No(**self.cleaned_data)


class HandForm(forms.Form):
    """A question to a department."""

    department = forms.ModelChoiceField(Scope.objects.none(), label="Department", empty_label="Choose one")
    question = forms.CharField(
        label="What do you need to know?",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Their answer comes back to the desk. The resident does not see it.",
    )
    due = forms.DateTimeField(label="Answer wanted by", widget=MOMENT)
    back_to = forms.ModelChoiceField(User.objects.none(), label="It comes back to", empty_label=None)
    shows = forms.BooleanField(
        label="They may read the resident's message",
        required=False,
        help_text="Leave it off for what was written in private, unless they need it.",
    )

    def __init__(self, people: QuerySet[User], departments: QuerySet[Scope], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.fields["back_to"].queryset = people  # type: ignore[attr-defined]

    def told(self) -> Question:
        data = self.cleaned_data
        return Question(data["department"], data["question"], data["due"], data["back_to"], data["shows"])


class AgainForm(forms.Form):
    """What is still open after a department's answer."""

    open = forms.CharField(label="What is still open?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    due = forms.DateTimeField(label="Answer wanted by", widget=MOMENT)


def review_day(now: datetime) -> date:
    """Half a year from now, as the review date a form suggests."""
    return library.today(now) + timedelta(days=library.REVIEW_DAYS)
