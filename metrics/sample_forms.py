"""Forms of samples: what is drawn, and why one is dropped."""

from __future__ import annotations

from django import forms

from metrics import sampling

SHARES = {0: "Nobody: how far two people agree stays unknown", 100: "All of it"}


class DrawForm(forms.Form):
    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label="To, included", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    size = forms.IntegerField(
        label="How many messages",
        min_value=sampling.FEWEST,
        max_value=sampling.MOST,
        initial=60,
        help_text="60 give a share to about 12 points either way, 200 to about 7.",
    )
    share = forms.TypedChoiceField(
        label="How much of it a second person reads as well",
        coerce=int,
        choices=[(one, SHARES.get(one, f"{one} in 100")) for one in sampling.SHARES],
    )


class DropForm(forms.Form):
    why = forms.CharField(label="Why it is dropped", max_length=300)
