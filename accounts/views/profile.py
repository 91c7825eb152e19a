"""One's own page: name, initials, colours, shortcuts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import person
from accounts.models import User
from accounts.people import current_grants
from accounts.refusals import Invalid


class ProfileForm(forms.ModelForm):
    """What a person says about themselves."""

    class Meta:
        model = User
        fields = ("name", "initials", "theme", "shortcuts")
        labels = {"theme": "Colours", "shortcuts": "Use keyboard shortcuts"}
        help_texts = {
            "initials": "They sign your replies to residents, as in ^AB. Left empty, they come from your name.",
            "shortcuts": "Single letters such as n for a new post. Press ? to see them all.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "theme": forms.RadioSelect,
        }

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_initials(self) -> str:
        initials: str = self.cleaned_data["initials"].strip().upper()
        if initials and not initials.isalpha():
            raise forms.ValidationError("Initials are up to four letters.")
        return initials


def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own page."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=me.pk))
    if request.method == "POST" and form.is_valid():
        user = form.save()
        if "name" in form.changed_data or "initials" in form.changed_data:
            audit.record("changed_profile", user, by=user, now=now, was=me.name, became=user.name)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    context = {"form": form, "here": "profile", "grants": current_grants(me, now)}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Change the colours from the own menu, and go back."""
    chosen = request.POST.get("theme", "")
    if chosen not in dict(User.THEMES):
        raise Invalid("Choose light, dark or as the device.")
    User.objects.filter(pk=person(request).pk).update(theme=chosen)
    back = request.POST.get("next", "/")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")
