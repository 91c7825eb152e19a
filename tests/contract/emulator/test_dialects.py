"""What the platforms' own clients see of the emulator."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlsplit

import facebook
import mastodon
import pytest
import requests
import tweepy

from channels_app.emulator.client import Emulator
from tests.contract.emulator.conftest import GRAPH, Home, png, x_client


def test_tweepy_posts_a_picture_and_reads_it_back_as_x_shows_it(practice: Emulator) -> None:
    client = x_client(practice, practice.create_account("x", "FernhillTown")["token"])
    picture = {"media": base64.b64encode(png()).decode(), "media_category": "tweet_image"}
    media = client.request("POST", "/2/media/upload", json=picture).json()["data"]["id"]
    alt = {"id": media, "metadata": {"alt_text": {"text": "A teal board"}}}
    client.request("POST", "/2/media/metadata", json=alt)
    made = client.create_tweet(
        text="Mill Road & bridge: https://fernhill.gov/roads", media_ids=[media], user_auth=False
    )

    found = client.get_tweets(
        [made.data["id"]], user_auth=False, tweet_fields=["entities", "attachments", "non_public_metrics"],
        expansions=["attachments.media_keys"], media_fields=["alt_text"],
    )  # fmt: skip
    first, second = found.data[0].entities["urls"]
    assert found.data[0].text == f"Mill Road &amp; bridge: {first['url']} {second['url']}"
    assert first["expanded_url"] == "https://fernhill.gov/roads"
    assert found.includes["media"][0].alt_text == "A teal board"
    assert practice.public("x")[0]["media"][0]["alt"] == "A teal board"


def test_x_refuses_a_duplicate_an_overlong_text_and_an_answer_to_somebody_who_did_not_ask(practice: Emulator) -> None:
    client = x_client(practice, practice.create_account("x", "FernhillTown")["token"])
    stranger = x_client(practice, practice.create_account("x", "stranger")["token"])
    client.create_tweet(text="Once only.", user_auth=False)
    with pytest.raises(tweepy.Forbidden, match="duplicate"):
        client.create_tweet(text="Once only.", user_auth=False)
    with pytest.raises(tweepy.BadRequest, match="too long"):
        client.create_tweet(text="x" * 281, user_auth=False)
    remark = stranger.create_tweet(text="Nothing to do with the town.", user_auth=False)
    with pytest.raises(tweepy.Forbidden, match="not been mentioned"):
        client.create_tweet(text="Hello!", in_reply_to_tweet_id=remark.data["id"], user_auth=False)
    practice.rules(reply_summons="anyone")
    client.create_tweet(text="Hello!", in_reply_to_tweet_id=remark.data["id"], user_auth=False)


def test_x_searches_a_conversation_for_seven_days_only(practice: Emulator) -> None:
    client = x_client(practice, practice.create_account("x", "FernhillTown")["token"])
    post = client.create_tweet(text="What should we plant?", user_auth=False).data["id"]
    for number in range(12):
        practice.say("x", f"Idea {number}", by=f"neighbour{number}", reply_to=post)
    query = f"conversation_id:{post}"
    first = client.search_recent_tweets(query, max_results=10, user_auth=False)
    rest = client.search_recent_tweets(query, max_results=10, next_token=first.meta["next_token"], user_auth=False)
    assert (len(first.data), len(rest.data)) == (10, 2)
    try:
        practice.advance(8 * 86_400)
        assert client.search_recent_tweets(query, user_auth=False).data is None
    finally:
        practice.go_live()


def test_facebook_takes_attached_pictures_as_json_only(practice: Emulator, web: requests.Session) -> None:
    page = practice.create_account("facebook", "fernhilltown", name="Town of Fernhill")
    headers = {"Authorization": f"Bearer {page['token']}"}
    form = {"published": "false", "alt_text_custom": "A teal board"}
    photo = web.post(
        f"{GRAPH}/{page['id']}/photos", data=form, files={"source": ("a.png", png())}, headers=headers
    ).json()
    wrong = web.post(
        f"{GRAPH}/{page['id']}/feed", data={"message": "No", "attached_media": "media_fbid"}, headers=headers
    )
    assert wrong.json()["error"]["code"] == 100
    attached = json.dumps([{"media_fbid": photo["id"]}])
    right = web.post(f"{GRAPH}/{page['id']}/feed", data={"message": "Yes", "attached_media": attached}, headers=headers)
    assert [post["id"] for post in practice.public("facebook")] == [right.json()["id"]]


def test_facebook_sdk_walks_pages_of_comments_to_the_end(practice: Emulator) -> None:
    page = practice.create_account("facebook", "fernhilltown")
    graph = facebook.GraphAPI(page["token"])
    graph.session.mount("https://", Home(practice.url))
    graph.version = "v25.0"
    post = graph.put_object(page["id"], "feed", message="What should we plant?")["id"]
    for number in range(7):
        practice.say("facebook", f"Idea {number}", by=f"Neighbour {number}", reply_to=post)
    found, after = [], ""
    while True:
        answer = graph.get_connections(
            post, "comments", filter="stream", limit=3, **({"after": after} if after else {})
        )
        found += [comment["message"] for comment in answer["data"]]
        if "next" not in answer["paging"]:
            break
        after = answer["paging"]["cursors"]["after"]
    assert found == [f"Idea {number}" for number in range(7)]


def test_facebook_refuses_retired_metrics_and_dead_tokens_by_their_numbers(
    practice: Emulator, web: requests.Session
) -> None:
    page = practice.create_account("facebook", "fernhilltown")
    headers = {"Authorization": f"Bearer {page['token']}"}
    address = f"{GRAPH}/{page['id']}/insights"
    assert web.get(f"{address}?metric=page_media_view,page_follows", headers=headers).ok
    assert web.get(f"{address}?metric=page_impressions", headers=headers).json()["error"]["code"] == 100
    practice.revoke(token=page["token"], state="expired")
    error = web.get(f"{GRAPH}/{page['id']}?fields=name", headers=headers).json()["error"]
    assert (error["code"], error["error_subcode"]) == (190, 463)
    practice.revoke(token=page["token"], state="ok")
    gone = web.get(f"{GRAPH}/{page['id']}_1?fields=message", headers=headers).json()["error"]
    assert (gone["code"], gone["error_subcode"]) == (100, 33)


def test_mastodon_keeps_an_idempotency_key_for_an_hour(practice: Emulator, web: requests.Session) -> None:
    town = practice.create_account("mastodon", "fernhill")
    client = mastodon.Mastodon(
        access_token=town["token"], api_base_url="https://social.fernhill.example", session=web,
        ratelimit_method="throw", mastodon_version="4.5.0", version_check_mode="created",
    )  # fmt: skip
    first = client.status_post("Only once.", idempotency_key="one")
    assert client.status_post("Only once.", idempotency_key="one")["id"] == first["id"]
    try:
        practice.advance(3700)
        assert client.status_post("Only once.", idempotency_key="one")["id"] != first["id"]
    finally:
        practice.go_live()


def test_mastodon_shows_private_messages_to_those_they_name_only(practice: Emulator, web: requests.Session) -> None:
    town, other = practice.create_account("mastodon", "fernhill"), practice.create_account("mastodon", "other")
    said = practice.say("mastodon", "It is about my rent.", by="maya@green.example", to="fernhill", visibility="direct")
    address = f"https://social.fernhill.example/api/v1/statuses/{said['id']}"
    assert web.get(address, headers={"Authorization": f"Bearer {town['token']}"}).json()["visibility"] == "direct"
    assert web.get(address, headers={"Authorization": f"Bearer {other['token']}"}).status_code == 404


def test_a_token_is_good_for_its_own_platform_and_server_only(practice: Emulator, web: requests.Session) -> None:
    town, page = practice.create_account("mastodon", "fernhill"), practice.create_account("facebook", "fernhilltown")
    me = "/api/v1/accounts/verify_credentials"
    headers = {"Authorization": f"Bearer {town['token']}"}
    assert web.get(f"https://social.fernhill.example{me}", headers=headers).ok
    assert web.get(f"https://elsewhere.example{me}", headers=headers).status_code == 401
    foreign = {"Authorization": f"Bearer {page['token']}"}
    assert web.get("https://api.x.example/2/users/me", headers=foreign).status_code == 401


def test_a_browser_sees_the_thread_at_the_platforms_own_path(practice: Emulator, web: requests.Session) -> None:
    page = practice.create_account("facebook", "fernhilltown", name="Town of Fernhill")
    headers = {"Authorization": f"Bearer {page['token']}"}
    post = web.post(f"{GRAPH}/me/feed", data={"message": "<b>Bold</b> plans"}, headers=headers).json()["id"]
    practice.say("facebook", "Which ones?", by="Maya", reply_to=post)
    link = web.get(f"{GRAPH}/{post}?fields=permalink_url", headers=headers).json()["permalink_url"]
    seen = requests.get(practice.url + urlsplit(link).path, timeout=5)
    assert "&lt;b&gt;Bold&lt;/b&gt; plans" in seen.text
    assert "Which ones?" in seen.text
    practice.delete(post)
    assert requests.get(practice.url + urlsplit(link).path, timeout=5).status_code == 404


def test_linkedin_cuts_words_at_an_unescaped_sign_and_wants_a_version_that_lives(
    practice: Emulator, web: requests.Session
) -> None:
    page = practice.create_account("linkedin", "fernhill")
    headers = {"Authorization": f"Bearer {page['token']}", "X-Restli-Protocol-Version": "2.0.0"}
    body = {
        "author": f"urn:li:organization:{page['id']}", "commentary": "Open (at last)", "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"}, "lifecycleState": "PUBLISHED",
    }  # fmt: skip
    for version, status in (("", 400), ("202401", 426), ("202610", 201)):
        given = headers | ({"LinkedIn-Version": version} if version else {})
        answer = web.post("https://api.linkedin.example/rest/posts", json=body, headers=given)
        assert answer.status_code == status
    assert answer.content == b""
    assert [(one["id"], one["text"]) for one in practice.public()] == [(answer.headers["x-restli-id"], "Open ")]
