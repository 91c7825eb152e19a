"""Forms for ideas: what it is about, a photo with consent, and the card in the directory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from accounts.models import User
from calendar_app import ideas
from calendar_app.ideas import Photo, Told
from calendar_app.models import ContributorCard, IdeaPicture
from channels_app.models import Media
from policy.models import Topic


class PhotoForm(forms.Form):
    """A photo and what is in it. `taken` names one that was taken in already when something else is mended."""

    photo = forms.FileField(label="Photo", required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    taken = forms.CharField(required=False, widget=forms.HiddenInput())
    alt = forms.CharField(
        label="What does it show?", required=False, max_length=500, help_text="A sentence for people who cannot see it."
    )
    people = forms.ChoiceField(
        label="Who is in it?", choices=IdeaPicture.PEOPLE, required=False, widget=forms.RadioSelect, initial=""
    )
    consent = forms.ChoiceField(
        label="Did they agree to be shown on the town's channels?",
        choices=[one for one in IdeaPicture.CONSENT if one[0]],
        required=False,
        widget=forms.RadioSelect,
    )
    consent_words = forms.CharField(
        label="Who agreed, and when?",
        required=False,
        max_length=300,
        help_text="For children: the parent who signed. Keep the paper.",
    )

    def __init__(self, *args: Any, by: User, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.needed = by, needed
        self.kept: Media | None = None

    def keep(self, media: Media) -> None:
        """The photo is kept; the form shows it again instead of asking for it twice."""
        self.kept = media

    def clean_taken(self) -> str:
        key = str(self.cleaned_data.get("taken") or "")
        try:
            self.kept = Media.objects.filter(key=UUID(key), by=self.by).first() if key else None
        except ValueError:
            self.kept = None
        return str(self.kept.key) if self.kept else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("photo") or data.get("taken")):
            if self.needed and "photo" not in self.errors:
                self.add_error("photo", "Choose a photo.")
            return data
        if not data.get("people"):
            self.add_error("people", "Say whether somebody can be recognised.")
        elif words := ideas.problems(data["people"], data.get("consent", ""), data.get("consent_words", "")):
            self.add_error("consent_words" if data.get("consent") in {"written", "spoken"} else "consent", words)
        return data

    def photos(self) -> tuple[Photo, ...]:
        """The photo of a valid form, or none."""
        if self.kept is None:
            return ()
        data = self.cleaned_data
        return (Photo(self.kept, data["alt"], data["people"], data["consent"], data["consent_words"]),)


class IdeaForm(PhotoForm):
    """An idea in a minute, on a phone."""

    words = forms.CharField(
        label="Your idea",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What happens, where, and whom to ask. The desk writes the post.",
    )
    why = forms.CharField(label="Why will residents care?", required=False, max_length=300)
    topic = forms.ModelChoiceField(Topic.objects.filter(active=True), required=False, empty_label="I do not know")
    until = forms.DateField(
        label="Of no use after", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("words", "why", "topic", "until", "photo", "taken", "alt", "people", "consent", "consent_words")

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(data["words"], data["why"], data["until"], data["topic"], self.photos())


class CardForm(forms.ModelForm):
    """One's own card in the directory."""

    class Meta:
        model = ContributorCard
        fields = ("service", "about", "reach")
        labels = {  # noqa: RUF012
            "service": "Service or team",
            "about": "What you can tell about",
            "reach": "How best to reach you",
        }
        help_texts = {  # noqa: RUF012
            "about": "Such as: trees, playgrounds, what grows when.",
            "reach": "Such as a number and the hours you can talk.",
        }
