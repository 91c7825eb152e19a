"""Videos on a Page: brought in parts into a session, published by one last call, shown when Facebook is done with them.

A video has its number before it is published, and its status answers whether it was. Not verified against the live
service: that the calls work on the Graph host as they do on its host for videos, that captions are taken before the
last call, and what exactly a status says between the last part and the last call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from channels_app.platforms import facebook_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Lookup, Outgoing, TryLater, Video
from channels_app.platforms.facebook_search import one
from channels_app.platforms.graph import Graph
from channels_app.platforms.verdicts import Answered

MARK = "video:"  # before the number of a video that has no post yet
LOST = "6001"
STATUS = "status,post_id,permalink_url,description,created_time"
LOCALES = {"en": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT", "pl": "pl_PL", "tr": "tr_TR"}
CUE = re.compile(r"(?:(\d{2,}):)?(\d\d:\d\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?(\d\d:\d\d)\.(\d{3}).*")


def steps(outgoing: Outgoing) -> Sequence[str]:
    """The session, each part as Facebook asks for it, and the captions; those after the next are not known yet."""
    names, place = ["video"], outgoing.prepared.get("video", "").split()[2:]
    while place and place[0] != place[1]:
        names.append(f"part:{place[0]}")
        place = outgoing.prepared.get(names[-1], "").split()
    if place and outgoing.video and outgoing.video.captions:
        names.append("captions")
    return names


def prepare(account: Account, client: Graph, outgoing: Outgoing, step: str) -> str:
    assert outgoing.video is not None
    if step == "video":
        body = _phase(account, client, "start", file_size=str(outgoing.video.size))
        return f"{body['upload_session_id']} {body['video_id']} {body['start_offset']} {body['end_offset']}"
    if step == "captions":
        return _captions(client, outgoing.video, number(outgoing))
    return _part(account, client, outgoing, step)


def _part(account: Account, client: Graph, outgoing: Outgoing, step: str) -> str:
    """One part, and from where to where the next one goes; equal where there is none."""
    assert outgoing.video is not None
    places = [value.split()[-2:] for value in outgoing.prepared.values()]
    start = int(step.partition(":")[2])
    end = next(int(place[1]) for place in places if place[0] == str(start))
    with open(outgoing.video.path, "rb") as file:
        file.seek(start)
        part = file.read(end - start)
    try:
        fields = {"upload_session_id": _session(outgoing), "start_offset": str(start)}
        body = _phase(account, client, "transfer", {"video_file_chunk": ("part", part)}, **fields)
    except Answered as answer:
        if answer.code != LOST:
            raise
    else:
        return f"{body['start_offset']} {body['end_offset']}"
    raise TryLater("Facebook has lost its place in the video.", wait=5, code=LOST, anew=True)


def _phase(account: Account, client: Graph, phase: str, files: Any = None, **fields: str) -> dict[str, Any]:
    path = f"{client.version}/{account.remote_id}/videos"
    body: dict[str, Any] = client.request(path, post_args={"upload_phase": phase, **fields}, files=files)
    return body


def _session(outgoing: Outgoing) -> str:
    return outgoing.prepared["video"].split()[0]


def number(outgoing: Outgoing) -> str:
    return outgoing.prepared["video"].split()[1]


def _captions(client: Graph, video: Video, name: str) -> str:
    assert video.captions is not None
    locale = LOCALES.get(video.captions.language.partition("-")[0], "en_US")
    file = (f"captions.{locale}.srt", srt(video.captions.text).encode(), "application/x-subrip")
    path = f"{client.version}/{name}/captions"
    client.request(path, post_args={"default_locale": locale}, files={"captions_file": file})
    return locale


def srt(webvtt: str) -> str:
    """Captions as SubRip, which is all that Facebook takes: numbered, with full times and without settings."""
    blocks = re.split(r"\n[ \t]*\n", webvtt.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    found: list[str] = []
    for lines in (block.strip("\n").split("\n") for block in blocks):
        at = next((n for n, line in enumerate(lines[:2]) if CUE.fullmatch(line.strip())), None)
        if at is not None and (hit := CUE.fullmatch(lines[at].strip())):
            times = f"{hit[1] or '00'}:{hit[2]},{hit[3]} --> {hit[4] or '00'}:{hit[5]},{hit[6]}"
            found.append("\n".join([str(len(found) + 1), times, *lines[at + 1 :]]))
    return "\n\n".join(found) + "\n"


def state(row: dict[str, Any] | None) -> str:
    """What became of a video: `gone`, `kept` (not published), `failed`, `taken` (at work on it) or `shown`."""
    if row is None:
        return "gone"
    told = row.get("status") or {}
    phases = {name: str((told.get(f"{name}_phase") or {}).get("status") or "") for name in ("processing", "publishing")}
    if told.get("video_status") == "error" or "error" in phases.values():
        return "failed"
    if row.get("post_id") and (phases["publishing"] == "complete" or told.get("video_status") == "ready"):
        return "shown"
    begun = phases["processing"] in {"in_progress", "complete"} or told.get("video_status") in {"processing", "ready"}
    return "taken" if begun else "kept"


def ask(client: Graph, name: str) -> dict[str, Any] | None:
    return one(client, name, STATUS)


def finish(account: Account, client: Graph, outgoing: Outgoing, text: str) -> None:
    """The one call that publishes."""
    fields = {"upload_session_id": _session(outgoing), "description": text}
    _phase(account, client, "finish", **fields | ({"title": outgoing.title} if outgoing.title else {}))


def look_up(account: Account, client: Graph, outgoing: Outgoing) -> Lookup:
    row = ask(client, number(outgoing))
    became = state(row)
    if became == "shown" and row is not None:
        at = facebook_reading.moment(str(row["created_time"]))
        found = Candidate(_post(account, row), _address(account, row), str(row.get("description") or ""), at, 0)
        return Lookup(candidates=[found])
    return Lookup(complete=became != "taken", resend_safe=became == "kept")


def read(account: Account, client: Graph, name: str) -> Incoming | None:
    """The post of a video; None as long as Facebook is at work on it."""
    row = ask(client, name.removeprefix(MARK))
    if row is None or state(row) != "shown":
        return None
    post = one(client, _post(account, row), facebook_reading.POST)
    return facebook_reading.post(account, post) if post else None


def _post(account: Account, row: dict[str, Any]) -> str:
    name = str(row["post_id"])
    return name if "_" in name else f"{account.remote_id}_{name}"


def _address(account: Account, row: dict[str, Any]) -> str:
    """Where it can be seen; Facebook tells the path alone."""
    path = str(row.get("permalink_url") or "")
    return f"https://www.{account.host.removeprefix('graph.')}{path}" if path.startswith("/") else path
