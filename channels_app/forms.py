"""What a person fills in about channels. Pasted secrets are never shown again, even when something else is wrong."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.refusals import Invalid
from channels_app import connecting, profiles, sign_offs
from channels_app.models import Channel
from channels_app.platforms import http
from channels_app.platforms.base import Platform


class KeysForm(forms.Form):
    """The secrets a platform needs, one field each, named as in its own pages."""

    def __init__(self, platform: Platform, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.platform = platform
        for need in platform.NEEDS:
            self.fields[need.key] = forms.CharField(
                label=need.label,
                help_text=need.help,
                required=need.required,
                max_length=4000,
                strip=True,
                widget=(forms.TextInput if need.shown else forms.PasswordInput)(
                    attrs={"autocomplete": "off", "spellcheck": "false"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                connecting.checked(self.platform, self.secrets())
            except Invalid as refused:
                self.add_error(None, refused.words)
        return given

    def secrets(self) -> dict[str, str]:
        return {need.key: self.cleaned_data.get(need.key, "") for need in self.platform.NEEDS}


class ConnectForm(KeysForm):
    """A new channel: its name in Parley, its server where there are many, and its keys."""

    field_order = ("name", "host")

    def __init__(self, platform: Platform, *args: Any, practice: bool, **kwargs: Any) -> None:
        super().__init__(platform, *args, **kwargs)
        self.practice = practice
        self.fields["name"] = forms.CharField(
            label="Name in Parley",
            help_text="As your colleagues will know it. Left empty, it is the account's own name.",
            required=False,
            max_length=120,
        )
        if not platform.HOST and not hasattr(platform, "host_of"):
            self.fields["host"] = forms.CharField(
                label="Server",
                help_text="Its name alone, like social.example.org.",
                max_length=253,
                initial=http.PRACTICE_HOSTS[platform.NAME] if practice else "",
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Where an address names the server, that server must be one Parley may talk to."""
        given = super().clean()
        if not self.errors and hasattr(self.platform, "host_of"):
            try:
                connecting.host_for(self.platform, connecting.named_host(self.platform, self.secrets()), self.practice)
            except Invalid as refused:
                self.add_error(None, f"{refused.words} {refused.next_step}".strip())
        return given

    def clean_host(self) -> str:
        try:
            return connecting.host_for(self.platform, self.cleaned_data["host"], self.practice)
        except Invalid as refused:
            raise forms.ValidationError(f"{refused.words} {refused.next_step}".strip()) from refused


class ReasonForm(forms.Form):
    """Why something is stopped; colleagues read it."""

    why = forms.CharField(label="Reason", help_text="Your colleagues will read it.", max_length=300)


class PurposeForm(forms.Form):
    """Whether people are answered on a channel."""

    purpose = forms.ChoiceField(
        label="What is it for?",
        widget=forms.RadioSelect,
        choices=[
            ("conversation", "Conversation: whoever writes there is answered"),
            ("broadcast", "Broadcast only: it warns in an emergency, answers nobody, and takes no ordinary post"),
        ],
    )


class SignOffForm(forms.Form):
    """What public answers end with on a channel; nothing chosen follows the town's voice."""

    sign_off = forms.ChoiceField(
        label="What do public answers end with?",
        help_text="It is added by itself and counted with the words. Private answers are not signed this way.",
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"sign_off": channel.sign_off}
        told = f"As our voice says for {channel.get_platform_display()}: {sign_offs.WORDS[sign_offs.usual(channel)]}"
        self.fields["sign_off"].choices = [("", told), *Channel.SIGN_OFFS]  # type: ignore[attr-defined]


class OutsideEditorsForm(forms.Form):
    """Who else writes on a channel decides what something missing there may mean."""

    outside = forms.BooleanField(
        label="Others also post or delete there without Parley",
        help_text="Then a post Parley cannot find is never sent again by itself: somebody deleted it, perhaps. "
        "A person is asked instead.",
        required=False,
    )


class LookForm(forms.Form):
    """What somebody looked at on a profile, and what they found."""

    items = forms.MultipleChoiceField(
        label="What you looked at",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one thing."},
    )
    note = forms.CharField(
        label="What you found or changed",
        help_text="Your colleagues will read it. “All as it should be” will do.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a few words what you found."},
    )

    def __init__(self, platform: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = self.fields["items"]
        items.choices = [(one.key, one.name) for one in profiles.items_of(platform)]  # type: ignore[attr-defined]
