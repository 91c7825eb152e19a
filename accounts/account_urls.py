"""The routes of signing in that Parley uses of allauth; the others do not exist here."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.usersessions import views as held
from django.urls import path, re_path

from accounts.views.signing import change_password, sign_out

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", change_password, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-factor/", factor.index, name="mfa_index"),
    path("second-factor/code/", factor.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-factor/passkeys/again/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("login/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sessions/", held.list_usersessions, name="usersessions_list"),
]
