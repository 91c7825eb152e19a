"""The measures of the case for resources: demand, what waits, what is broken, and hours."""

from __future__ import annotations

from channels_app.staffing import ANSWER_MINUTES, LEAST, POST_MINUTES
from metrics.measures import from_inbox, from_work, resources
from metrics.measures.answers import InboundRow, WaitRow
from metrics.measures.shape import Rule

THREADS = "conversations and their clocks, as in Kept and missed"
WORK = "posts and answers of the last four weeks, and the hours kept on each channel's page"
CASE = [
    Rule(
        "demand",
        "Messages of residents",
        "",
        "number of messages that came in",
        "messages",
        InboundRow,
        from_inbox.inbound,
        resources.demand,
        better="down",
    ),
    Rule(
        "backlog",
        "Still without an answer",
        "",
        "number of those who asked in this time and have no answer of a person yet",
        THREADS,
        WaitRow,
        from_inbox.waits,
        resources.backlog,
        better="down",
    ),
    Rule(
        "breaches",
        "Waited longer than promised",
        "",
        "number of waits longer than the promise that held when people wrote, answered by now or not",
        THREADS,
        WaitRow,
        from_inbox.waits,
        resources.breaches,
        better="down",
    ),
    Rule(
        "hours_needed",
        "Hours a week that the channels take",
        "h",
        f"posts × {POST_MINUTES} minutes + answers × {ANSWER_MINUTES} minutes, at least {LEAST} h a channel, added up",
        WORK,
        resources.HoursRow,
        from_work.hours,
        resources.hours_needed,
        better="down",
        apart=True,
        weekly=False,
        proxy="Minutes for a post and for an answer are the same for all of them.",
    ),
    Rule(
        "hours_short",
        "Hours a week that are missing",
        "h",
        "for each channel the hours it takes − the hours kept for it, where that is more than nothing, added up",
        WORK,
        resources.HoursRow,
        from_work.hours,
        resources.hours_short,
        better="down",
        apart=True,
        weekly=False,
        proxy="Minutes for a post and for an answer are the same for all of them.",
    ),
    Rule(
        "capacity",
        "Hours the next week will take",
        "h",
        "planned posts × minutes of a post + (planned posts × messages a post brought in + messages that came "
        "otherwise) × minutes of an answer",
        "the plan, and the last four weeks",
        resources.InputRow,
        from_work.inputs,
        resources.capacity,
        better="down",
        apart=True,
        weekly=False,
        proxy="The next posts need not bring in as many messages as the last ones.",
    ),
]
