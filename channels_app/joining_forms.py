"""What a person fills in on the way to letting Parley in. Keys are never shown again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from accounts.refusals import Invalid
from channels_app import connecting, directions
from channels_app.platforms import http
from channels_app.platforms.base import Platform
from channels_app.platforms.oauth import Choice


class AppKeysForm(forms.Form):
    """The keys of the town's app. One that is there stays while its field is left empty."""

    def __init__(self, platform: str, there: Mapping[str, datetime], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, words in directions.fields_of(platform):
            since = there.get(name)
            kept = (
                f"Entered on {date_format(timezone.localtime(since), 'j F Y')}. Left empty, it stays." if since else ""
            )
            self.fields[name] = forms.CharField(
                label=label,
                help_text=f"{words} {kept}".strip(),
                required=name != "webhook_token" and since is None,
                max_length=4000,
                widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )


class LetInForm(forms.Form):
    """Where to go: the server, where a platform has many, and the name a new channel gets here."""

    def __init__(self, platform: Platform, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "let-in-%s"  # the form for a token stands on the same page
        self.platform = platform
        if not platform.HOST:
            self.fields["host"] = forms.CharField(
                label="Server",
                help_text="Its name alone, like social.example.org.",
                max_length=253,
                initial=http.PRACTICE_HOSTS[platform.NAME] if settings.PRACTICE else "",
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
            )

    def clean_host(self) -> str:
        try:
            return connecting.host_for(self.platform, self.cleaned_data["host"], settings.PRACTICE)
        except Invalid as refused:
            raise forms.ValidationError(f"{refused.words} {refused.next_step}".strip()) from refused


class PickForm(forms.Form):
    """Which of the person's accounts becomes the channel."""

    account = forms.ChoiceField(
        label="Which account?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the accounts.", "invalid_choice": "Choose one of the accounts."},
    )

    def __init__(self, choices: Sequence[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(one.key, f"{one.name} ({one.more})" if one.more else one.name) for one in choices if not one.missing]
        self.fields["account"].choices = rows  # type: ignore[attr-defined]
