"""The forms of signing in, in Parley's words."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.cache import cache

CODE_LIFE = 120  # seconds a used code is remembered: longer than any code is taken


def bare(form: forms.Form, **labels: str) -> None:
    """Labels say what belongs in a field, so placeholders go; `labels` replaces allauth's words."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        if isinstance(field.widget, forms.PasswordInput):
            field.widget.attrs["maxlength"] = "128"


class SignInForm(account.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, login="E-mail address")
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetForm(account.ResetPasswordForm):
    """Where the reset link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, email="E-mail address")


class NewPasswordForm(account.ResetPasswordKeyForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, password1="New password", password2="The same again")  # noqa: S106
        self.fields["password1"].help_text = PASSWORD_HELP


class ChangePasswordForm(account.ChangePasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, oldpassword="Present password", password1="New password", password2="The same again")  # noqa: S106
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = PASSWORD_HELP


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, password="Password")  # noqa: S106


class CodeOnce:
    """A code counts once: a second use within its life is refused like a wrong one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, code="Code")  # type: ignore[arg-type]

    def clean_code(self) -> str:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())  # type: ignore[attr-defined]
        code: str = super().clean_code()  # type: ignore[misc]
        mark = hashlib.sha256(f"{self.user.pk}:{code}".encode()).hexdigest()  # type: ignore[attr-defined]
        if not cache.add(f"code-used:{mark}", 1, CODE_LIFE):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(CodeOnce, factor.AuthenticateForm):
    """The second factor at sign-in."""


class ReauthenticateCodeForm(CodeOnce, factor.ReauthenticateForm):
    """The second factor once more."""


class ActivateForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bare(self, code="The code it shows now")


PASSWORD_HELP = "At least 12 characters. Four unrelated words are easy to remember and hard to guess."  # noqa: S105
