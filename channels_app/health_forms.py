"""What a person fills in about what a platform charges."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from channels_app import prices
from channels_app.models.channels import PLATFORMS

LABELS = dict(PLATFORMS)


class PriceForm(forms.Form):
    """One price from a day on, with what it rests on."""

    platform = forms.ChoiceField(choices=[(name, LABELS[name]) for name in prices.SHIPPED])
    what = forms.ChoiceField(label="What it is for", choices=list(prices.KINDS.items()))
    amount = forms.DecimalField(
        label="Price of one", min_value=Decimal(0), max_digits=10, decimal_places=5, help_text="Like 0.015."
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label="Currency", error_messages={"invalid": "Three letters, like USD."}
    )
    good_from = forms.DateField(
        label="From which day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    source = forms.CharField(
        label="Where it is written", max_length=300, help_text="The page or the contract, and when you read it."
    )

    def clean_currency(self) -> str:
        given = str(self.cleaned_data["currency"]).upper()
        known = prices.currency_of(self.cleaned_data["platform"]) if "platform" in self.cleaned_data else given
        if given != known:
            raise forms.ValidationError(f"The other prices are in {known}. Enter this one in {known} too.")
        return given
