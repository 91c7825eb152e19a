"""What Fernhill has planned further ahead: a series, and files of plans as other people's spreadsheets are."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from calendar_app import importing, series, working_through
from calendar_app.recurring import Rule
from config.trial.desk_life import Desk
from config.trial.posts import POND, RESTORED, Draft

QUESTION = Draft(
    "question",
    POND,
    RESTORED,
    "say",
    "fm",
    "pond",
    "Question of the week: which bird did you see at Mill Pond, and where? Joy the ranger draws the map from your answers.",
)
PARTS = 4
HEADS = "Date,Time,Channels,Text,Topic,Kind of post,What readers get\n"
LATER = (
    '{0},10:00,Fernhill on Mastodon,"The library tells you which books went missing longest. The record is 41 years.",Local history,Behind the scenes,Learn something\n'
    '{1},12:30,Fernhill Town Council (Facebook),"Free bike marking outside the station, 8 am to 6 pm.",Cycle network,Event,Get something done\n'
    '{2},09:00,Fernhill on Mastodon,"Garden waste: what may go in, what may not, and why tea bags are a question.",Bins and recycling,Useful to keep,Get something done\n'
)
MISTAKEN = (
    '{0},10:00,Fernhill on Mastodom,"The heritage walk starts at the mill.",Local history,Event,Connect with others\n'
    '{1},,Fernhill on Mastodon,"Warm rooms are open again.",Events in town,News,Get something done\n'
    '{2},09:00,Fernhill on Mastodon,"Allotment day: bring a spade.",Alotments,Event,Connect with others\n'
)


def plan_ahead(desk: Desk, now: datetime) -> None:
    """A series of four parts from the Monday after next; one file in the calendar, one checked, one to be set up."""
    amara, zone = desk.staff["amara"], desk.town.zone
    today = now.astimezone(desk.town.tz).date()
    monday = today + timedelta(days=14 - today.weekday())
    rule = Rule("week", 1, monday, time(10, 15), weekdays=(0,), count=PARTS)
    slots = series.planned(rule, zone, 0, "skip", now)
    post = desk.write(QUESTION, amara, now)
    series.make(post, "Question of the week", rule, slots, zone=zone, fold=0, by=amara, now=now)
    days = [monday + timedelta(days=one) for one in (16, 24, 33)]
    good, bad = (rows.format(*days) for rows in (LATER, MISTAKEN))
    made, checked = (
        importing.take((HEADS + rows).encode(), name, by=amara, now=now)
        for rows, name in ((good, "library-and-cycling.csv"), (good + bad, "ideas-of-the-departments.csv"))
    )
    importing.take((HEADS + bad).encode(), "heritage.csv", by=amara, now=now)
    for batch in (made, checked):
        importing.set_up(batch, batch.read, batch.columns, by=amara, now=now)
    _work(now)
    made.refresh_from_db()
    importing.begin(made, by=amara, now=now)
    _work(now)


def _work(now: datetime) -> None:
    while working_through.work(now):
        pass
