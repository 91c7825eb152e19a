"""The page behind an invitation's link."""

from __future__ import annotations

from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import identities, invitations
from accounts.forms import PASSWORD_HELP
from accounts.models import User
from accounts.views.town_sign_in import INVITED


class JoinForm(forms.Form):
    """Name and password, chosen by the invited person."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As your colleagues know you. Replies to residents are signed with your initials.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Choose a password",
        max_length=128,
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The same again",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean(self) -> None:
        password = self.cleaned_data.get("password")
        if not password:
            return
        try:
            validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        except forms.ValidationError as error:
            self.add_error("password", error)
        if self.cleaned_data.get("again") not in {None, password}:
            self.add_error("again", "The two passwords are not the same.")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
def accept_invitation(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    """Show what the invitation gives; on acceptance make the account and sign the person in."""
    now = request.now  # type: ignore[attr-defined]
    try:
        invitation = invitations.find(key, secret, now)
    except invitations.DeadLink as refused:
        return render(request, "accounts/invitation_dead.html", {"refusal": refused}, status=refused.status)
    form = JoinForm(invitation.email, request.POST or None, initial={"name": invitation.name})
    town = identities.provider()
    if town and request.method == "GET":
        request.session[INVITED] = (str(key), secret)
    if request.method == "POST" and form.is_valid():
        user = invitations.accept(invitation, form.cleaned_data["name"], form.cleaned_data["password"], now)
        logout(request)
        record_authentication(request, user, method="password", email=user.email)
        return perform_login(request, Login(user=user, email=user.email))
    status = 422 if form.errors else 200
    return render(
        request,
        "accounts/invitation.html",
        {"invitation": invitation, "form": form, "town_sign_in": town},
        status=status,
    )
