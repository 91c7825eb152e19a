"""Every fault does what it says, and leaves in public what it says."""

from __future__ import annotations

import json
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests

from channels_app.emulator.client import Emulator, Refused
from tests.contract.emulator.conftest import GRAPH, x_client


def published(
    practice: Emulator, web: requests.Session, token: str, text: str, seconds: float = 1.0
) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return web.post("https://api.x.example/2/tweets", json={"text": text}, headers=headers, timeout=seconds)


@pytest.mark.parametrize(
    ("fault", "is_public"),
    [
        ({"kind": "drop_before"}, False), ({"kind": "drop_after"}, True),
        ({"kind": "delay_before", "seconds": 0.4}, True), ({"kind": "delay_after", "seconds": 0.4}, True),
        ({"kind": "truncated"}, True), ({"kind": "drip"}, True),
    ],
)  # fmt: skip
def test_a_fault_leaves_in_public_what_it_says(
    practice: Emulator, web: requests.Session, fault: dict[str, object], is_public: bool
) -> None:
    token = practice.create_account("x", "FernhillTown")["token"]
    practice.fault(**fault, platform="x", route="publish", times=1)
    with pytest.raises((requests.RequestException, ValueError)):
        published(practice, web, token, "Is it there?", 0.2).json()
    time.sleep(0.5 if "seconds" in fault else 0)
    assert [post["text"] for post in practice.public()] == (["Is it there?"] if is_public else [])
    assert published(practice, web, token, "And now all is well.").status_code == 201


@pytest.mark.parametrize(
    ("fault", "status", "is_public"),
    [
        ({"kind": "html", "status": 502}, 502, False), ({"kind": "html_after", "status": 502}, 502, True),
        ({"kind": "refuse", "status": 500, "body": "{}"}, 500, False), ({"kind": "empty_body"}, 201, True),
        ({"kind": "rate_limited", "reset": 60}, 429, False), ({"kind": "rate_limited"}, 429, False),
        ({"kind": "revoked"}, 401, False), ({"kind": "duplicate"}, 403, False), ({"kind": "unavailable"}, 503, False),
    ],
)  # fmt: skip
def test_a_fault_answers_as_it_says(
    practice: Emulator, web: requests.Session, fault: dict[str, object], status: int, is_public: bool
) -> None:
    token = practice.create_account("x", "FernhillTown")["token"]
    practice.fault(**fault, platform="x", route="publish", times=1)
    answer = published(practice, web, token, "Is it there?")
    assert answer.status_code == status
    assert bool(practice.public()) is is_public
    assert ("x-rate-limit-reset" in answer.headers) is ("reset" in fault or fault["kind"] == "empty_body")
    assert ("Content-Type" in answer.headers) is (fault["kind"] != "empty_body")


def test_a_late_platform_commits_after_the_caller_has_gone(practice: Emulator, web: requests.Session) -> None:
    token = practice.create_account("x", "FernhillTown")["token"]
    practice.fault("late", seconds=0.4, answer="drop", platform="x", times=1)
    with pytest.raises(requests.ConnectionError):
        published(practice, web, token, "Slowly.")
    assert practice.public() == []
    time.sleep(0.7)
    assert [post["text"] for post in practice.public()] == ["Slowly."]


def test_lists_may_lag_or_be_silent_while_the_post_itself_is_there(practice: Emulator, web: requests.Session) -> None:
    made = practice.create_account("x", "FernhillTown")
    client = x_client(practice, made["token"])
    post = client.create_tweet(text="Fresh.", user_auth=False).data["id"]
    for fault in ({"kind": "lag", "seconds": 60}, {"kind": "silent"}):
        practice.fault(**fault, platform="x", route="own_posts", name="reads")
        assert client.get_users_tweets(made["id"], user_auth=False).data is None
        assert client.get_tweet(post, user_auth=False).data.text == "Fresh."
        practice.clear_faults("reads")
    assert [row.text for row in client.get_users_tweets(made["id"], user_auth=False).data] == ["Fresh."]


def test_the_log_shows_what_was_asked_and_never_a_token(practice: Emulator, web: requests.Session) -> None:
    page = practice.create_account("facebook", "fernhilltown")
    web.get(f"{GRAPH}/me?fields=name&access_token={page['token']}")
    published(practice, web, practice.create_account("x", "FernhillTown")["token"], "Logged.")
    log = practice.requests()
    assert [(row["platform"], row["route"], row["status"]) for row in log] == [
        ("facebook", "post", 200),
        ("x", "publish", 201),
    ]
    assert log[1]["committed"] == practice.public("x")[0]["id"]
    assert page["token"] not in json.dumps(log)


def test_a_web_page_cannot_steer_the_emulator(practice: Emulator) -> None:
    address = f"{practice.url}/_control/accounts"
    assert requests.get(address, timeout=5).ok
    assert requests.get(address, headers={"Origin": "https://elsewhere.example"}, timeout=5).status_code == 403
    assert requests.get(address, headers={"Host": "rebound.example"}, timeout=5).status_code == 403


def test_a_control_call_that_makes_no_sense_says_why(practice: Emulator) -> None:
    with pytest.raises(Refused, match="unknown kind of fault"):
        practice.fault("earthquake")
    with pytest.raises(Refused, match="no post 17"):
        practice.delete("17")


def test_a_caller_that_dies_in_the_middle_of_a_request_has_asked_nothing(practice: Emulator) -> None:
    page = practice.create_account("facebook", "fernhilltown")
    whole = b"message=The+whole+town+is+invited"
    head = (
        f"POST /v25.0/{page['id']}/feed HTTP/1.1\r\nHost: graph.facebook.example\r\n"
        f"Authorization: Bearer {page['token']}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(whole)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", urlsplit(practice.url).port)) as line:
        line.sendall(head.encode() + whole[:20])
    time.sleep(0.1)
    assert practice.public() == []
    assert practice.requests() == []


def test_words_nobody_expected_are_refused_and_break_nothing(practice: Emulator, web: requests.Session) -> None:
    town, page = practice.create_account("x", "FernhillTown"), practice.create_account("facebook", "fernhilltown")
    x, f = {"Authorization": f"Bearer {town['token']}"}, {"Authorization": f"Bearer {page['token']}"}
    strange = [
        [],
        "text",
        {"text": {"a": 1}, "media": {"media_ids": [None]}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": []}},
    ]
    for body in strange:
        assert 400 <= web.post("https://api.x.example/2/tweets", json=body, headers=x).status_code < 500
    assert web.get("https://api.x.example/2/tweets?ids=%00,'", headers=x).status_code == 200
    assert web.get(f"https://api.x.example/2/users/{town['id']}/tweets?max_results=1000", headers=x).status_code == 400
    assert web.get(f"{GRAPH}/me?fields=name%7B%7B,(", headers=f).status_code == 200
    assert web.get(f"{GRAPH}/me/published_posts?after=%25&limit=abc", headers=f).status_code in {200, 400}
    broken = f | {"Content-Type": "multipart/form-data"}
    assert web.post(f"{GRAPH}/me/photos", data=b"--x", headers=broken).status_code == 400
    assert practice.public() == []
