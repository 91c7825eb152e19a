"""Captions as WebVTT: whether a file is one, and what is wrong with it, in sentences with the line's number."""

from __future__ import annotations

import re

STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
CUE = re.compile(rf"^{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t]+\S.*)?$")
BLOCKS = ("NOTE", "STYLE", "REGION")
LARGEST = 1_000_000
MOST = 5  # problems told at once


def problems(text: str) -> list[str]:
    """What keeps this from being captions that can be shown; empty when nothing does."""
    if len(text) > LARGEST:
        return ["The captions are longer than a million characters."]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        return ["Line 1: the file must begin with the word WEBVTT."]
    found, cues, last = [], 0, 0.0
    for start, block in _blocks(lines[1:]):
        if block[0].split(" ")[0].strip() in BLOCKS:
            continue
        at = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
        if at is None:
            found.append(f"Line {start}: here should stand a time such as 00:00:01.000 --> 00:00:04.000.")
            continue
        wrong, last = _cue(block[at], block[at + 1 :], start + at, last)
        found += wrong
        cues += 1
    if not cues and not found:
        found.append("There is no caption in the file.")
    return found[:MOST]


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The parts between blank lines, each with the number of its first line."""
    blocks: list[tuple[int, list[str]]] = []
    begun = False
    for number, line in enumerate(lines, 2):
        if not line.strip():
            begun = False
        elif begun:
            blocks[-1][1].append(line)
        else:
            blocks.append((number, [line]))
            begun = True
    return blocks


def _cue(timing: str, words: list[str], number: int, last: float) -> tuple[list[str], float]:
    match = CUE.match(timing.strip())
    if match is None:
        return [f"Line {number}: this is not a time such as 00:00:01.000 --> 00:00:04.000."], last
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
    found = []
    if end <= start:
        found.append(f"Line {number}: the caption ends before it begins.")
    if start < last:
        found.append(f"Line {number}: the caption begins before the one above it.")
    if not any(line.strip() for line in words):
        found.append(f"Line {number}: the caption has no words.")
    return found, start


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
