"""The forms of the media library: what a picture is, who is shown, and putting it away."""

from __future__ import annotations

from typing import Any

from django import forms

from channels_app import captioning, captions
from channels_app.models import Media
from policy.checks.languages import NAMES

LANGUAGES = sorted(NAMES.items(), key=lambda one: one[1])
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PictureForm(forms.ModelForm):
    """What the library knows about a picture."""

    class Meta:
        model = Media
        fields: tuple[str, ...] = ("name", "alt", "tags", "owner", "licence", "credit", "rights_until", "people")
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


class FilmForm(PictureForm):
    """What the library knows about a video: beside what it knows of a picture, how it speaks to everybody."""

    class Meta(PictureForm.Meta):
        fields = (*PictureForm.Meta.fields[:2], "transcript", "described", "burned", "flashes", "watch_at",
                  *PictureForm.Meta.fields[2:])  # fmt: skip
        labels = PictureForm.Meta.labels | {
            "alt": "What does it show?",
            "transcript": "What is said and heard in it",
            "described": "Is everything that can be seen also spoken?",
            "burned": "The captions are part of the picture",
            "flashes": "Does it flash more than three times a second?",
        }
        help_texts = PictureForm.Meta.help_texts | {
            "alt": "Goes along with the video where the platform takes a description.",
            "transcript": "The text for whoever reads rather than listens. The captions can be its beginning.",
            "described": "Yes as well where there is an audio description.",
            "burned": "Then they are seen everywhere, and cannot be switched off.",
        }
        widgets = PictureForm.Meta.widgets | {"transcript": forms.Textarea(attrs={"rows": 5})}

    watch_at = forms.URLField(
        label="Where it can be watched",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Offered as a link for channels that take no video.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("described", "flashes"):
            self.fields[name].choices = [("", "Nobody has looked yet"), *Media.YES_NO]  # type: ignore[attr-defined]


class CaptionsForm(forms.Form):
    """Captions as a WebVTT file or as its text, their language, and whether a person has read them."""

    file = forms.FileField(label="Captions as a file", required=False, help_text="WebVTT, a file that ends in .vtt.")
    text = forms.CharField(
        label="Or their text",
        required=False,
        strip=False,
        max_length=captions.LARGEST,
        help_text="Beginning with WEBVTT, each caption with its time.",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label="Language of the captions", choices=LANGUAGES)
    read = forms.BooleanField(label="I have read them against the video: names, numbers, who speaks", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if upload is not None and upload.size > captioning.LARGEST:
            self.add_error("file", "The file is too large for captions.")
        elif upload is not None:
            data["text"] = upload.read().decode("utf-8", "replace").replace("\x00", "")
        if not data.get("text", "").strip() and not self.errors:
            self.add_error("file", "Choose a file with captions, or write them below.")
        elif not self.errors:
            for problem in captions.problems(data["text"]):
                self.add_error("file" if upload is not None else "text", problem)
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
