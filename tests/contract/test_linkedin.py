"""What LinkedIn alone has: little text, cards, uploads in parts, two levels of comments, versions that end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from channels_app.platforms import linkedin_client, linkedin_lists
from channels_app.platforms.base import Captions, Outgoing, Refused, Uncertain
from channels_app.platforms.http import NotSent
from channels_app.platforms.linkedin_client import Client, encoded
from tests.contract.conftest import Desk, can, picture, prepared, video

here = can("publish", only=("linkedin",))
SIGNS = r"Every sign: \ | { } @ [ ] ( ) < > # * _ ~ and (#Fernhill), see https://fernhill.example/a_b~c."


@here
def test_a_text_with_every_reserved_sign_arrives_whole_and_is_found_again(desk: Desk) -> None:
    before, post = desk.since(), desk.post(SIGNS)
    remote_id = desk.send(post).remote_id
    assert [one["text"] for one in desk.public()] == [SIGNS]
    seen = desk.platform.read(desk.account, remote_id, "post")
    assert seen is not None
    assert seen.text == SIGNS
    assert requests.get(desk.emulator.url + urlsplit(seen.url).path, timeout=5).ok
    assert [one.remote_id for one in desk.platform.look_up(desk.account, post, before).candidates] == [remote_id]
    said = Outgoing("reply", SIGNS, reply_to=remote_id, root=remote_id, idem_key="r")
    assert desk.send(said).remote_id in {one["id"] for one in desk.public() if one["text"] == SIGNS}


@here
def test_the_same_words_again_name_the_post_that_has_them(desk: Desk) -> None:
    first = desk.posted("The pool is closed.")
    with pytest.raises(Uncertain) as ending:
        desk.posted("The pool is closed.")
    assert first in ending.value.words


@here
def test_a_video_goes_up_in_parts_with_its_captions(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = video()
    path = tmp_path / "film.mp4"
    path.write_bytes(Path(small.path).read_bytes() + bytes(9 * 1024 * 1024))
    words = Captions("WEBVTT\n\n00:01.000 --> 00:02.000\nThe weir.\n", "en")
    film = replace(small, path=str(path), size=path.stat().st_size, captions=words)
    monkeypatch.setattr("channels_app.platforms.linkedin_media.PORTION", 2)
    outgoing = prepared(desk, Outgoing("post", "The weir.", video=film, idem_key="v"))
    steps = ["video:film", "parts:film:0", "parts:film:2", "captions:film", "whole:film", "ready:film"]
    assert list(outgoing.prepared) == steps
    remote_id = desk.send(outgoing).remote_id
    shown: Any = desk.public()[0]
    (media,) = shown["media"]
    assert (shown["id"], media["mime"], media["size"]) == (remote_id, "video/mp4", film.size)
    told = Client(desk.account).get(f"videos/{encoded(outgoing.prepared['ready:film'])}")
    assert told["captions"] == "1\n00:00:01,000 --> 00:00:02,000\nThe weir.\n"
    path.write_bytes(b"no film")
    broken = Outgoing("post", "No.", video=replace(film, size=7, captions=None))
    with pytest.raises(Refused) as ending:
        prepared(desk, broken)
    assert ending.value.cause == "content"


@here
def test_an_upload_goes_to_linkedin_only(desk: Desk) -> None:
    for url in ("https://api.linkedin.example.evil.example/x", "https://evil.example/", "http://linkedin.example/"):
        with pytest.raises(NotSent):
            Client(desk.account).put(url, b"", "image/png")


@here
def test_an_answer_to_an_answer_stands_beside_it(desk: Desk) -> None:
    before, post = desk.since(), desk.posted()
    top = desk.hear("Is it open?", reply_to=post)
    below = desk.hear("I wonder too.", reply_to=top)
    reply = Outgoing("reply", "From ten.", reply_to=below, root=post, idem_key="r")
    remote_id = desk.send(reply).remote_id
    assert {one["id"]: one["parent"] for one in desk.public()}[remote_id] == top
    assert [one.remote_id for one in desk.platform.look_up(desk.account, reply, before).candidates] == [remote_id]


@here
def test_a_comment_that_is_too_long_is_refused_before_it_is_sent(desk: Desk) -> None:
    post = desk.posted()
    for length, fits in ((1250, True), (1251, False)):
        reply = Outgoing("reply", "x" * length, reply_to=post, root=post, idem_key=str(length))
        if fits:
            desk.send(reply)
        else:
            with pytest.raises(Refused):
                desk.send(reply)
    assert len(desk.requests("reply")) == 1


@here
def test_a_version_that_has_ended_is_refused_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    post = desk.post("Hello.")
    monkeypatch.setattr(linkedin_client, "VERSION", "202401")
    with pytest.raises(Refused) as ending:
        desk.send(post)
    assert ending.value.code == "426"
    assert "update" in ending.value.words


@here
def test_a_post_of_one_picture_and_one_of_three(desk: Desk) -> None:
    for number in (1, 3):
        colours = ["teal", "red", "blue"][:number]
        pictures = [picture(colour, f"A {colour} board.", colour) for colour in colours]
        desk.posted(f"{number} pictures.", pictures=pictures)
    assert [len(one["media"]) for one in desk.public()] == [1, 3]


@here
def test_who_keeps_their_name_from_pages_is_somebody(desk: Desk) -> None:
    post = desk.posted()
    desk.hear("Hello.", reply_to=post)
    desk.fault("forbidden", "profile")
    (item,) = desk.platform.fetch(desk.account, "comments", "", post).items
    assert item.author_name == "Somebody on LinkedIn"


@here
def test_a_walk_that_is_cut_off_goes_on_where_it_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkedin_lists, "COUNT", 2)
    monkeypatch.setattr(linkedin_lists, "PAGES", 2)
    post = desk.posted()
    said = {desk.hear(f"Number {n}.", reply_to=post) for n in range(5)}
    first = desk.platform.fetch(desk.account, "comments", "", post)
    rest = desk.platform.fetch(desk.account, "comments", first.next, post)
    assert {one.remote_id for one in (*first.items, *rest.items)} == said
    assert rest.next == ""


@here
def test_an_answer_with_a_picture_goes_out_once_and_is_found_by_it(desk: Desk) -> None:
    before, post = desk.since(), desk.posted()
    said = desk.hear("Which gate?", reply_to=post)
    answer = Outgoing("reply", "This one.", reply_to=said, root=post, pictures=[picture()], idem_key="r")
    ready = prepared(desk, answer)
    assert list(ready.prepared) == ["image:one", "ready:one"]
    desk.fault("drop_after", "reply", times=1)
    with pytest.raises(Uncertain):
        desk.send(ready)
    (there,) = [one for one in desk.public() if one["text"] == "This one."]
    assert len(there["media"]) == 1
    assert [one.remote_id for one in desk.platform.look_up(desk.account, ready, before).candidates] == [there["id"]]
    other = replace(ready, pictures=())
    assert desk.platform.look_up(desk.account, other, before).candidates == []


@here
def test_a_comment_has_one_picture_at_most(desk: Desk) -> None:
    post = desk.posted()
    several = Outgoing("reply", "Both.", reply_to=post, root=post, pictures=[picture("a"), picture("b")], idem_key="r")
    filmed = Outgoing("reply", "See.", reply_to=post, root=post, video=video(), idem_key="v")
    for outgoing in (several, filmed):
        with pytest.raises(Refused) as ending:
            prepared(desk, outgoing)
        assert ending.value.cause == "content"
    assert desk.requests("media") == []
