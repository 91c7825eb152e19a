"""What the steps of the guided set-up ask that no other page does."""

from __future__ import annotations

from django import forms

from accounts.models.grants import ROLES


class PolicyForm(forms.Form):
    contact = forms.CharField(label="Whom colleagues ask", max_length=200, help_text="A name, a number or an address.")
    complaints = forms.CharField(label="Where complaints go", max_length=200, help_text="A page or an address.")
    emergency_number = forms.CharField(label="Emergency number", max_length=40)
    public = forms.BooleanField(label="Show both guides to the public", required=False)
    read = forms.BooleanField(label="I have read both guides and adopt them for the town")


class ColleagueForm(forms.Form):
    """Alone, or with somebody: then who."""

    how = forms.ChoiceField(
        label="Who works here",
        choices=[("alone", "I work alone"), ("with", "I work with somebody")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="Their name", max_length=120, required=False)
    email = forms.EmailField(label="Their e-mail address", required=False)
    role = forms.ChoiceField(label="Their role", choices=ROLES, initial="approver")

    def clean_email(self) -> str:
        email = str(self.cleaned_data.get("email", ""))
        if self.data.get("how") == "with" and not email:
            raise forms.ValidationError("Whom shall the invitation go to?")
        return email
