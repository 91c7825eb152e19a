"""Signing in with the town's own account: OpenID Connect with code, PKCE and nonce.

Written out rather than taken from allauth's provider, which looks at neither nonce nor signature, tells issuers apart
by a name of our own making, and keeps the client's secret in clear. Here a person is (issuer, subject) and nothing
else, every claim is checked before it is believed, and only the algorithms in ALGORITHMS sign.

The request leaves by `way_out`, which the layer that owns the network puts here at start: it holds the rule about
which addresses Parley talks to at all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt
from django.core.cache import caches

from accounts import keyring
from accounts.models import IdentityProvider
from accounts.refusals import Refusal

SECRET_CONTEXT = "v1|identity-provider|secret"  # noqa: S105
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
LEEWAY, LIFE = 60, 600  # seconds: clocks that differ, and how long a person may take at the provider
KEPT = 300  # seconds the provider's description is believed
SCOPES = "openid profile email"


class Rejected(Refusal):
    """The sign-in did not work; the words say why, as far as whoever stands before it may know."""

    status = 403


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise Rejected("The sign-in of the town gave an answer that cannot be read.") from error
        if not isinstance(found, dict):
            raise Rejected("The sign-in of the town gave an answer that cannot be read.")
        return found


class Fetch(Protocol):
    """Ask a server; raises Rejected with a sentence when it cannot be reached or must not be."""

    def __call__(
        self, method: str, url: str, *, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


def nowhere(
    method: str, url: str, *, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    raise Rejected("Nothing here may talk to other servers.")


@dataclass
class Network:
    """The one way out; replaced at start."""

    way_out: Fetch = nowhere


network = Network()


@dataclass(frozen=True)
class Begun:
    """What has to be remembered, in the person's session, until they come back from the provider."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")


def describe(provider: IdentityProvider, *, fresh: bool = False) -> dict[str, Any]:
    """What the provider says about itself; its issuer must be the very one that was entered."""
    kept = caches["quick"].get(key := f"oidc:{provider.version}:{provider.issuer}")
    if kept and not fresh:
        return dict(kept)
    found = _get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise Rejected(
            f"The server calls itself {str(found.get('issuer'))[:120]!r}, not {provider.issuer!r}.",
            next_step="Enter the issuer exactly as the server gives it, with or without a slash at its end.",
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _same_kind(str(found.get(name, "")), provider.issuer):
            raise Rejected(f"The server does not say where its {name.replace('_', ' ')} is, or not by https.")
    caches["quick"].set(key, found, KEPT)
    return found


def address(provider: IdentityProvider, begun: Begun, redirect_uri: str, *, again: bool = False) -> str:
    """Where the person goes to sign in; with `again` they must enter their password there once more."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    } | ({"prompt": "login", "max_age": "0"} if again else {})
    end = describe(provider)["authorization_endpoint"]
    return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}"


def finish(
    provider: IdentityProvider,
    begun: Begun,
    answer: Mapping[str, str],
    redirect_uri: str,
    now: datetime,
    *,
    again: bool = False,
) -> dict[str, Any]:
    """The claims of whoever came back, every one checked; Rejected says what did not fit."""
    if not _same(answer.get("state", ""), begun.state):
        raise Rejected("This sign-in was not begun here, or took too long.", next_step="Begin again.")
    if answer.get("error"):
        raise Rejected("The sign-in of the town did not let you in.", next_step="Try again, or ask your IT.")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise Rejected("Another server than the town's answered.")
    tokens = _redeem(provider, begun, answer.get("code", ""), redirect_uri)
    claims = read(provider, str(tokens.get("id_token", "")), begun.nonce, now)
    if again and now.timestamp() - _seconds(claims.get("auth_time")) > LIFE / 2:
        raise Rejected("The sign-in of the town did not ask for your password again.")
    if provider.groups_claim not in claims:
        claims |= _more(provider, str(tokens.get("access_token", "")), claims["sub"])
    return claims


def read(provider: IdentityProvider, token: str, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce all fit."""
    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") not in ALGORITHMS:
            raise Rejected("The sign-in of the town is not signed in a way that can be trusted.")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(provider, str(head.get("kid", "")), str(head["alg"])),
            algorithms=[head["alg"]],
            audience=provider.client_id,
            issuer=provider.issuer,
            # The times are held against the database's clock below, the one all of Parley goes by.
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise Rejected(f"The sign-in of the town did not fit: {_why(error)}.", next_step="Try again.") from error
    _check_times(claims, now)
    if not _same(str(claims.get("nonce", "")), nonce):
        raise Rejected("The answer belongs to another sign-in.", next_step="Begin again.")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != provider.client_id:
        raise Rejected("The answer was meant for another program.")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise Rejected("The sign-in of the town does not say who you are.")
    return claims


def seal_secret(words: str) -> str:
    return keyring.seal(words, SECRET_CONTEXT) if words else ""


def secret_of(provider: IdentityProvider) -> str:
    return keyring.open_(provider.secret, SECRET_CONTEXT) if provider.secret else ""


def _same(given: str, kept: str) -> bool:
    """Compared in constant time; as bytes, because what comes from outside may hold any letter."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), kept.encode())


def _seconds(said: object) -> float:
    """A moment of a claim; long ago where there is none to be read."""
    return float(said) if isinstance(said, int | float) else 0.0


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    try:
        ends, begins = float(claims["exp"]), float(claims["iat"])
        not_before = float(claims.get("nbf", begins))
    except (TypeError, ValueError) as error:
        raise Rejected("The sign-in of the town gives no proper times.") from error
    moment = now.timestamp()
    if ends + LEEWAY <= moment or not_before - LEEWAY > moment or begins - LEEWAY > moment:
        raise Rejected("The sign-in of the town is over, or its clock is wrong.", next_step="Try again.")


def _redeem(provider: IdentityProvider, begun: Begun, code: str, redirect_uri: str) -> dict[str, Any]:
    known, secret = describe(provider), secret_of(provider)
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": begun.verifier,
        "client_id": provider.client_id,
    }
    headers = {"Accept": "application/json"}
    ways = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if secret and "client_secret_basic" in ways:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif secret:
        data["client_secret"] = secret
    answer = network.way_out("POST", known["token_endpoint"], data=data, headers=headers)
    if answer.status != 200:
        raise Rejected(
            f"The sign-in of the town refused Parley (answer {answer.status}).",
            next_step="An administrator looks at Settings, Sign-in: is the secret right?",
        )
    return answer.json()


def _key(provider: IdentityProvider, kid: str, algorithm: str) -> Any:
    """The provider's public key of that name; asked for once more when it is new."""
    uri = describe(provider)["jwks_uri"]
    for fresh in (False, True):
        held = caches["quick"].get(f"oidc-keys:{uri}") if not fresh else None
        keys = held or _get(uri).get("keys", [])
        caches["quick"].set(f"oidc-keys:{uri}", keys, KEPT)
        for one in keys:
            fits = one.get("kid", "") == kid or (not kid and len(keys) == 1)
            if fits and one.get("use", "sig") == "sig" and one.get("kty") in {"RSA", "EC"}:
                return jwt.PyJWK(one, algorithm=algorithm).key
    raise Rejected("The sign-in of the town is signed with a key it does not publish.")


def _more(provider: IdentityProvider, token: str, subject: str) -> dict[str, Any]:
    """What the provider says at its userinfo address, where the groups are not in the token."""
    end = describe(provider).get("userinfo_endpoint", "")
    if not token or not _same_kind(str(end), provider.issuer):
        return {}
    answer = network.way_out("GET", end, headers={"Authorization": f"Bearer {token}"})
    found = answer.json() if answer.status == 200 else {}
    return (
        {key: found[key] for key in (provider.groups_claim, "email", "name") if key in found}
        if found.get("sub") == subject
        else {}
    )


def _get(url: str) -> dict[str, Any]:
    answer = network.way_out("GET", url, headers={"Accept": "application/json"})
    if answer.status != 200:
        raise Rejected(f"{urlsplit(url).hostname} answered {answer.status} instead of describing itself.")
    return answer.json()


def _same_kind(url: str, issuer: str) -> bool:
    """An address by https; by http only where the issuer itself is (which only practice lets through)."""
    return urlsplit(url).scheme in {"https", urlsplit(issuer).scheme} and bool(urlsplit(url).hostname)


def _why(error: jwt.PyJWTError) -> str:
    reasons: list[tuple[type[Exception], str]] = [
        (jwt.InvalidIssuerError, "it comes from another issuer"),
        (jwt.InvalidAudienceError, "it was meant for another program"),
        (jwt.InvalidSignatureError, "its signature is wrong"),
        (jwt.MissingRequiredClaimError, "something is missing in it"),
    ]
    return next((words for kind, words in reasons if isinstance(error, kind)), "it cannot be read")
