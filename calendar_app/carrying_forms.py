"""What a post carries beside its words, as fields of the composer's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from calendar_app.carrying import MINUTES, Consent, More, Poll, Quote
from calendar_app.models.posts import CALLS

MOST_SENT = 40  # more parts or answers than any form holds
A_DAY = 24 * 60
LONGEST_TITLE = 300


class CarryingForm(forms.Form):
    """Call to action, quote and consent; parts and polls are fields by the channel's key."""

    call = forms.ChoiceField(label="What you ask readers to do", choices=[("", "Nothing"), *CALLS], required=False)
    quote_words = forms.CharField(
        label="The words", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    quote_by = forms.CharField(label="Who said them", required=False, max_length=120)
    quote_source = forms.CharField(label="Where they come from", required=False, max_length=300)
    consent_people = forms.CharField(
        label="Who is shown, and how they agreed",
        required=False,
        max_length=300,
        help_text="Names or a team, and where the agreement is kept.",
    )
    consent_safe = forms.BooleanField(
        label="Everybody shown agreed, and nobody and nothing is put at risk by it", required=False
    )

    def quote(self) -> Quote:
        data = self.cleaned_data
        card = str(self.data.get("quote_card", ""))[:36]
        return Quote(data["quote_words"].strip(), data["quote_by"].strip(), data["quote_source"].strip(), card)

    def consent(self) -> Consent:
        """As the form says it; whose word it is, is not the form's to say."""
        return Consent(self.cleaned_data["consent_people"].strip(), self.cleaned_data["consent_safe"])


def more_of(data: Any, key: str) -> More:
    """The parts, the poll and the title of the channel with this key; what is left empty is not there."""
    parts = tuple(_plain(one) for one in sent(data, f"part_{key}"))
    options = tuple(_plain(one).strip()[:200] for one in sent(data, f"poll_{key}"))
    options = tuple(one for one in options if one)
    minutes = str(data.get(f"minutes_{key}", ""))
    known = {str(one) for one, _ in MINUTES}
    poll = Poll(options, int(minutes) if minutes in known else A_DAY) if options else None
    title = " ".join(str(data.get(f"title_{key}", "")).replace("\x00", "").split())[:LONGEST_TITLE]
    return More(tuple(one for one in parts if one.strip()), poll, title)


def sent(data: Any, name: str) -> Sequence[str]:
    found: Sequence[str] = data.getlist(name) if hasattr(data, "getlist") else ()
    return found[:MOST_SENT]


def initial_of(call: str, quote: Quote, consent: Consent) -> Mapping[str, Any]:
    return {
        "call": call,
        "quote_words": quote.words,
        "quote_by": quote.by,
        "quote_source": quote.source,
        "consent_people": consent.people,
        "consent_safe": consent.safe,
    }


def _plain(text: str) -> str:
    """Plain line breaks: browsers send two characters for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:100_000]
