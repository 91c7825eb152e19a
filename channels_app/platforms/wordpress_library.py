"""What an article shows, put into the blog's library first: its pictures, its video, the captions of that.

Each upload may be repeated; what no article shows lies in the library and is seen by nobody who is not sent there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels_app.platforms.base import Captions, Outgoing, Picture, Video
from channels_app.platforms.streamed import Form
from channels_app.platforms.wordpress_client import Client
from channels_app.platforms.wordpress_writing import plain

LONGEST = 60


def steps(outgoing: Outgoing) -> Sequence[str]:
    names = [f"image:{picture.key}" for picture in outgoing.pictures]
    if video := outgoing.video:
        names += [f"video:{video.key}", *([f"captions:{video.key}"] if video.captions else [])]
    return names


def put(client: Client, outgoing: Outgoing, step: str) -> str:
    """Do one step; what is kept is the number and the address that the file has there."""
    kind, _, key = step.partition(":")
    video = outgoing.video
    if kind == "image":
        row = _picture(client, next(each for each in outgoing.pictures if each.key == key))
    elif kind == "captions":
        assert video is not None
        assert video.captions is not None
        row = _captions(client, video, video.captions)
    else:
        assert video is not None
        row = _video(client, video)
    return f"{row['id']} {row['source_url']}"


def _picture(client: Client, picture: Picture) -> dict[str, Any]:
    name = f"{plain(picture.alt)[:LONGEST] or 'picture'}.{picture.mime.rpartition('/')[2]}"
    file = {"file": (name, picture.data, picture.mime)}
    row: dict[str, Any] = client.call("POST", "media", files=file, form={"alt_text": picture.alt})
    return row


def _video(client: Client, video: Video) -> dict[str, Any]:
    """In one piece, as WordPress takes nothing in parts, but read as it is sent."""
    with open(video.path, "rb") as file:
        name = f"{_called(video)}.{video.mime.rpartition('/')[2]}"
        form = Form({"alt_text": video.alt}, "file", file, shown=name, mime=video.mime)
        row: dict[str, Any] = client.call("POST", "media", form=form)
    return row


def _captions(client: Client, video: Video, captions: Captions) -> dict[str, Any]:
    # WordPress lists WebVTT among the files it takes; a network of blogs may have been told otherwise, and refuses it.
    file = {"file": (f"{_called(video)}-{plain(captions.language)}.vtt", captions.text.encode(), "text/vtt")}
    row: dict[str, Any] = client.call("POST", "media", files=file)
    return row


def _called(video: Video) -> str:
    return plain(video.alt)[:LONGEST].strip("-") or "video"
