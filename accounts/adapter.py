"""How allauth is bent to Parley: invitation only, mails through the queue, everything that matters in the audit trail,
second-factor seeds sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import audit, clock, keyring, mailing, sessions, throttling
from accounts.models import User

SEED_CONTEXT = "v1|second-factor"
# allauth's mails about an account: what the audit trail calls them.
ACTS = {
    "account/email/password_changed": "changed_password",
    "account/email/password_reset": "reset_password",
    "mfa/email/totp_activated": "set_up_second_factor",
    "mfa/email/totp_deactivated": "removed_second_factor",
    "mfa/email/recovery_codes_generated": "made_recovery_codes",
    "mfa/email/webauthn_added": "added_passkey",
    "mfa/email/webauthn_removed": "removed_passkey",
}


class Adapter(DefaultAccountAdapter):
    """People come in by invitation only."""

    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That e-mail address and password do not belong together.",
        "too_many_login_attempts": "Too many tries. Wait a quarter of an hour, or have your password reset.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your present password.",
        "account_inactive": "This account is switched off.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        sessions.begin(request, clock.now())

    def get_login_stages(self) -> list[str]:
        """With our own look at whether a second factor is asked for."""
        ours = "accounts.town_factor.SecondFactorStage"
        return [ours if one == "allauth.mfa.stages.AuthenticateStage" else one for one in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        audit.record("signed_in", user, by=user, now=clock.now())
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            audit.record("signed_out", request.user, by=request.user, now=clock.now())
        super().logout(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not throttling.may_try(_login(credentials), self.get_client_ip(request)):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            throttling.succeeded(_login(credentials), self.get_client_ip(request))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Known and unknown addresses take the same path; what was typed as an address may be a password."""
        email = _login(credentials)
        throttling.failed(email, self.get_client_ip(request))
        user = User.objects.filter(email=email).first()
        audit.record("sign_in_failed", user, by=None, now=clock.now(), subject=user.name if user else "Unknown address")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if not mailing.is_on():
            return
        mail: EmailMessage = self.render_mail(template_prefix, email, context | {"email": email})
        user = context.get("user")
        mailing.post(email, str(mail.subject), str(mail.body), "account", now=clock.now(), user=user)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Called by allauth after every change to how a person signs in: note it, end other sessions, tell them."""
        act = ACTS.get(template_prefix)
        if act:
            audit.record(act, user, by=user, now=clock.now())
            sessions.end_all(user, besides=self.request.session.session_key or "")
        if mailing.is_on():
            super().send_notification_mail(
                template_prefix, user, {"user": user, **(context or {})}, email or user.email
            )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        throttling.forget(_login(credentials), self.get_client_ip(request))


def _login(credentials: dict[str, Any]) -> str:
    """The address as it was typed, in the one form in which tries are counted."""
    return str(credentials.get("email", "")).strip().lower()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second-factor seeds are sealed before they reach the database."""

    error_messages: ClassVar[dict[str, str]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right, or it has been used already. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        return keyring.seal(text, SEED_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring.open_(encrypted_text, SEED_CONTEXT)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"My passkey {number + 1}" if number else "My passkey"

    def get_totp_issuer(self) -> str:
        return "Parley"
