"""The form of a comment window."""

from __future__ import annotations

from django import forms

from calendar_app.forms import WallField
from calendar_app.models import CommentWindow


class CommentWindowForm(forms.Form):
    """Until when, why, and what residents are told."""

    closes = WallField(label="Comments close at")
    reason = forms.ChoiceField(label="Why", choices=CommentWindow.REASONS)
    why = forms.CharField(label="In a sentence", max_length=300, help_text="Residents are told it.")
    notice = forms.CharField(
        label="Notice under the post",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Left empty, it is written from the reason.",
    )
