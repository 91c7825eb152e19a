"""What is asked of the team, what waits, and the hours it takes against those there are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.capacity import Past, forecast
from metrics.figures import Figure, none
from metrics.measures.answers import NOTHING_ASKED, InboundRow, WaitRow, needing
from metrics.measures.shape import Row


def demand(rows: Sequence[InboundRow]) -> Figure:
    """How many messages came from residents."""
    return Figure(float(len(rows)), whole=len(rows))


def backlog(rows: Sequence[WaitRow]) -> Figure:
    """Of those that asked for an answer, how many have none yet; the oldest is said."""
    asked = needing(rows)
    waiting = [one for one in asked if not one.answered]
    if not asked:
        return none(NOTHING_ASKED, whole=0)
    notes = [f"the oldest waits for at least {max(one.hours for one in waiting):,.0f} h"] if waiting else []
    late = sum(one.outcome == "missed" for one in waiting)
    notes += [f"{late} of them past what was promised"] if late else []
    return Figure(float(len(waiting)), len(waiting), len(asked), notes=tuple(notes))


def breaches(rows: Sequence[WaitRow]) -> Figure:
    """How many waited longer than was promised them, answered by now or not."""
    late = [one for one in rows if one.outcome == "missed"]
    judged = len(late) + sum(one.outcome == "kept" for one in rows)
    if not judged:
        return none(NOTHING_ASKED, whole=0)
    unanswered = sum(not one.answered for one in late)
    notes = (f"{unanswered} of them still without an answer",) if unanswered else ()
    return Figure(float(len(late)), len(late), judged, notes=notes)


@dataclass(frozen=True)
class HoursRow(Row):
    """One channel a week: posts and answers, the hours they take, and the hours kept for it; None: nobody has said."""

    posts: float
    answers: float
    needs: float
    given: float | None


def hours_needed(rows: Sequence[HoursRow]) -> Figure:
    """The hours a week that all channels take."""
    if not rows:
        return none("there is no channel", whole=0)
    return Figure(sum(one.needs for one in rows), whole=len(rows))


def hours_short(rows: Sequence[HoursRow]) -> Figure:
    """The hours a week that are missing, over the channels where somebody has said how many are kept.

    A channel with hours to spare makes up for none that lacks them: other people look after it.
    """
    known = [one for one in rows if one.given is not None]
    silent = [one.channel for one in rows if one.given is None]
    notes = [f"nobody has said how many hours there are for {', '.join(silent)}"] if silent and known else []
    if not known:
        return none("nobody has said how many hours a week are kept for any channel", whole=len(rows))
    short = sum(max(one.needs - (one.given or 0.0), 0.0) for one in known)
    return Figure(short, len(known), len(rows), notes=tuple(notes))


@dataclass(frozen=True)
class InputRow(Row):
    """One number a forecast is made of; None: nobody has said."""

    what: str  # planned, weeks, posts, under_posts, otherwise, post_minutes, answer_minutes, given
    value: float | None


def capacity(rows: Sequence[InputRow]) -> Figure:
    """The hours that the week to come will take, with what is planned for it."""
    said = {one.what: one.value for one in rows}
    if not rows:
        return none("nothing is known of the weeks before")
    past = Past(said["weeks"] or 0.0, *(int(said[name] or 0) for name in ("posts", "under_posts", "otherwise")))
    post, answer = said["post_minutes"] or 0.0, said["answer_minutes"] or 0.0
    found = forecast(int(said["planned"] or 0), past, post, answer, said["given"])
    if found.hours is None:
        return none("no post of the last weeks shows how many messages one brings in", notes=[found.words])
    return Figure(found.hours, notes=(found.words,))
