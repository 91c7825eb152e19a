"""The forms of links: how they are marked, and the services posts lead to."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from channels_app.models import LinkScheme, ServiceLink
from policy.models import Topic

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\Z")


class SchemeForm(forms.ModelForm):
    """Whether links are shortened, and the marks they carry."""

    class Meta:
        model = LinkScheme
        fields = ("shorten", "in_text", "hosts", "source", "medium", "campaign")
        labels = {  # noqa: RUF012
            "shorten": "Make short links that count clicks",
            "in_text": "Also of addresses within the words of a post",
            "hosts": "Our own sites",
            "source": "utm_source",
            "medium": "utm_medium",
            "campaign": "utm_campaign",
        }
        help_texts = {  # noqa: RUF012
            "hosts": "One to a line, such as fernhill.example. Only links to these carry marks.",
            "source": "Letters, and {platform}, {channel}, {campaign}, {kind}.",
        }
        widgets = {"hosts": forms.Textarea(attrs={"rows": 2})}  # noqa: RUF012

    version = forms.IntegerField(widget=forms.HiddenInput())

    def clean_hosts(self) -> str:
        hosts = [line.strip().lower() for line in self.cleaned_data["hosts"].splitlines() if line.strip()]
        wrong = [one for one in hosts if not HOST.match(one)]
        if wrong:
            raise forms.ValidationError(f"“{wrong[0]}” is not a host name such as fernhill.example.")
        return "\n".join(hosts)


class MarksForm(forms.Form):
    """Other marks for one channel."""

    channel = forms.UUIDField(widget=forms.HiddenInput())
    source = forms.CharField(label="utm_source", required=False, max_length=80)
    medium = forms.CharField(label="utm_medium", required=False, max_length=80)


class ServiceForm(forms.ModelForm):
    """A service people can reach."""

    class Meta:
        model = ServiceLink
        fields = ("name", "url", "topic")
        labels = {"name": "Service", "url": "Address"}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["topic"].empty_label = "No topic"  # type: ignore[attr-defined]
