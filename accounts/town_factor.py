"""The second factor at sign-in: asked for, unless the town's own sign-in has done so and its word is taken."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

TRUSTED = "town-second-factor"


class SecondFactorStage(AuthenticateStage):
    """allauth's stage, with one more reason not to ask."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not request.session.get(TRUSTED) and bool(super()._should_handle(request))
