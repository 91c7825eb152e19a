"""What platforms tell of how much is left, read off their answers; what cannot be read tells nothing and harms none."""

from __future__ import annotations

import json

import pytest
from requests.structures import CaseInsensitiveDict

from channels_app.platforms import quotas
from channels_app.platforms.base import Account
from channels_app.platforms.quotas import Quota

DATE = {"Date": "Mon, 30 Nov 2026 17:00:00 GMT"}
NOON = 1796058000  # the same moment
BUSINESS = {"17841": [{"type": "instagram", "call_count": 28, "total_time": 93, "estimated_time_to_regain_access": 3}]}
TOLD = [
    (
        *("x", "GET", "/2/users/12/mentions"),
        {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "297", "x-rate-limit-reset": str(NOON + 600)},
        [Quota("reads of mentions", 297, 300, 600)],
    ),
    (
        *("x", "POST", "/2/tweets"),
        {"x-app-limit-24hour-limit": "10000", "x-app-limit-24hour-remaining": "9", "x-app-limit-24hour-reset": "soon"},
        [Quota("calls of the app in a day, posts and answers", 9, 10_000, None)],
    ),
    (
        *("mastodon", "GET", "/api/v1/notifications"),
        {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-30T17:05:00.000000Z"},
        [Quota("calls", 0, 300, 300)],
    ),
    (
        *("mastodon", "POST", "/api/v2/media"),
        {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": "29", "X-RateLimit-Reset": "never"},
        [Quota("uploads", 29, 30, None)],
    ),
    (
        *("bluesky", "POST", "/xrpc/com.atproto.repo.putRecord"),
        {"RateLimit-Limit": "5000", "RateLimit-Remaining": "4998", "RateLimit-Reset": str(NOON + 60)},
        [Quota("points for writing", 4998, 5000, 60)],
    ),
    (
        *("pinterest", "GET", "/v5/pins"),
        {
            "X-RateLimit-Limit": '1000, 1000;w=60;name="org_read"',
            "X-RateLimit-Remaining": "999",
            "X-RateLimit-Reset": "7",
        },
        [Quota("calls", 999, 1000, 7)],
    ),
    (
        *("instagram", "GET", "/v25.0/me"),
        {"X-App-Usage": '{"call_count": 10, "total_time": 25}', "X-Business-Use-Case-Usage": json.dumps(BUSINESS)},
        [Quota("percent of the app's calls", 75, 100, None), Quota("percent of the account's calls", 7, 100, 180)],
    ),
]
NONSENSE = ["", "²", "-1", "1e5", "NaN", "9" * 40, "null", "[]", '{"call_count": NaN}', '{"a": [{"call_count": "x"}]}']


@pytest.mark.parametrize(("platform", "method", "path", "headers", "found"), TOLD)
def test_each_platform_s_own_words_are_read(
    platform: str, method: str, path: str, headers: dict[str, str], found: list[Quota]
) -> None:
    assert quotas.READERS[platform](method, path, CaseInsensitiveDict(headers | DATE)) == found


@pytest.mark.parametrize("words", NONSENSE)
@pytest.mark.parametrize("platform", sorted(quotas.READERS))
def test_what_makes_no_sense_tells_nothing(platform: str, words: str) -> None:
    names = [
        f"{start}{end}" for start in ("X-RateLimit-", "RateLimit-", "x-rate-limit-") for end in ("Limit", "Remaining")
    ]
    headers = dict.fromkeys([*names, "X-App-Usage", "X-Business-Use-Case-Usage", "Date"], words)
    assert quotas.READERS[platform]("POST", "/2/tweets", CaseInsensitiveDict(headers)) == []


def test_the_newest_of_each_kind_is_kept_until_it_is_taken_once() -> None:
    account = Account("mastodon", "quota.example", "7", "@town", {})
    for left in ("12", "11"):
        told = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": left}
        quotas.hear(account, "GET", "https://quota.example/api/v1/notifications", told)
    assert quotas.take("mastodon", "quota.example", "8") == []
    assert quotas.take("mastodon", "quota.example", "7") == [Quota("calls", 11, 300)]
    assert quotas.take("mastodon", "quota.example", "7") == []


def test_where_much_is_sent_it_is_taken_seldom() -> None:
    account = Account("vimeo", "often.example", "7", "@town", {})
    for first in (True, False):
        quotas.keep(account, [Quota("calls", 1, 100)])
        assert bool(quotas.take("vimeo", "often.example", "7", pause=60)) is first
    assert quotas.take("vimeo", "often.example", "7") == [Quota("calls", 1, 100)]


def test_nothing_is_kept_of_an_account_nobody_knows_yet() -> None:
    quotas.keep(Account("x", "new.example", "", "", {}), [Quota("calls", 1, 2)])
    assert quotas.take("x", "new.example", "") == []
