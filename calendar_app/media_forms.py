"""The forms of the media library: what a picture is, who is shown, and putting it away."""

from __future__ import annotations

from typing import Any

from django import forms

from channels_app.models import Media

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PictureForm(forms.ModelForm):
    """What the library knows about a picture."""

    class Meta:
        model = Media
        fields = ("name", "alt", "tags", "owner", "licence", "credit", "rights_until", "people")
        labels = {  # noqa: RUF012
            "alt": "What would somebody miss who cannot see it?",
            "tags": "Words to find it by",
            "owner": "Who owns it",
            "licence": "What allows us to use it",
            "credit": "Credit that must stand beside it",
            "rights_until": "Last day it may be used",
            "people": "People on it",
        }
        help_texts = {  # noqa: RUF012
            "alt": "Every post with this picture begins with this alt text and can change it.",
            "tags": "With commas between them.",
            "rights_until": "Leave it empty where there is no end.",
        }
        widgets = {"alt": forms.Textarea(attrs={"rows": 3}), "rights_until": DAY}  # noqa: RUF012

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if str(data.get("licence", "")).startswith("cc_by") and not data.get("credit"):
            self.add_error("credit", "This licence wants a credit.")
        return data


class ConsentForm(forms.Form):
    """One person shown, and what they agreed to."""

    who = forms.CharField(label="Who is shown", max_length=120, help_text="For a child, the child's first name.")
    proof = forms.CharField(
        label="Where the consent is kept", max_length=300, help_text="For example: signed form, folder Parks 2026."
    )
    given_on = forms.DateField(label="Given on", widget=DAY)
    until = forms.DateField(label="Holds until", widget=DAY, required=False, help_text="Empty: until it is withdrawn.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("until") and data.get("given_on") and data["until"] < data["given_on"]:
            self.add_error("until", "A consent cannot end before it was given.")
        return data


class PutAwayForm(forms.Form):
    """Why it is put away, and what to use in its place."""

    why = forms.CharField(label="Why", max_length=200)
    instead = forms.ModelChoiceField(
        Media.objects.none(), required=False, to_field_name="key", label="Use in its place", empty_label="Nothing yet"
    )

    swap = forms.BooleanField(
        required=False,
        label="Put it into the posts that show the old one",
        help_text="Into every post that is not out and that nobody has signed yet. Signed ones stay, and their writers "
        "and signers are told.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("swap") and not data.get("instead") and "instead" not in self.errors:
            self.add_error("instead", "Choose the picture that takes its place.")
        return data

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instead"].queryset = others  # type: ignore[attr-defined]
