"""What a person says who posted something by hand."""

from __future__ import annotations

from django import forms

from calendar_app.forms import WallField


class ByHandForm(forms.Form):
    """Where it is, and when it was posted."""

    url = forms.CharField(
        label="Address of the post",
        help_text="Open what you posted, and copy its own address. It is the proof that it is out.",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        error_messages={"required": "Paste the address of the post."},
    )
    at = WallField(label="Posted at", error_messages={"required": "Say when it was posted."})
    version = forms.IntegerField(widget=forms.HiddenInput())
