"""Forms of the inbox: who has it, why it is done, which labels it carries."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from engagement.models import Conversation, Label

MOST_LABELS = 8


class AssignForm(forms.Form):
    """Only those who may answer on the channel can be chosen."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="Person",
        required=False,
        blank=True,
        empty_label="Everybody",
        widget=forms.RadioSelect,
    )

    def __init__(self, people: QuerySet[User], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The outcomes a person may choose."""

    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        choices=[one for one in Conversation.OUTCOMES if one[0] in Conversation.BY_HAND],
        error_messages={"required": "Choose why this is done."},
    )


class DecideForm(forms.Form):
    """What became of an answer that nobody could make sure of."""

    decision = forms.ChoiceField(
        label="Is it on the platform?",
        widget=forms.RadioSelect,
        choices=[
            ("it_is_there", "Yes, it is there"),
            ("send", "No: send it now"),
            ("drop", "No, and it is not needed any more"),
        ],
    )
    url = forms.CharField(label="The link to it, when it is there", required=False, max_length=500)
    reason = forms.CharField(label="How do you know?", max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput())


class LabelForm(forms.Form):
    """Labels there are, and room for a new one."""

    labels = forms.ModelMultipleChoiceField(
        Label.objects.all(), label="Labels", required=False, widget=forms.CheckboxSelectMultiple
    )
    new = forms.CharField(label="A new label", required=False, max_length=40)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if len(self._names(data)) > MOST_LABELS:
            raise forms.ValidationError(f"A conversation carries at most {MOST_LABELS} labels.")
        return data

    def chosen(self) -> list[Label]:
        """The labels ticked, and the new one, made where it is not there yet."""
        found = list(self.cleaned_data["labels"])
        name = str(self.cleaned_data["new"]).strip()
        if name and name.lower() not in {one.name.lower() for one in found}:
            known = Label.objects.filter(name__iexact=name).first()
            found.append(known or Label.objects.create(name=name))
        return found

    def _names(self, data: dict[str, object]) -> list[object]:
        return [*(data.get("labels") or ()), *([data["new"]] if data.get("new") else ())]  # type: ignore[misc]
