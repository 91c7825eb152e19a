"""Trying an act that a form asks for: what refuses it is told over the form, with the words still in it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed


def tried(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether it was done."""
    try:
        act()
    except (Invalid, IllegalMove, LostRace, NotAllowed) as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
        return False
    return True
