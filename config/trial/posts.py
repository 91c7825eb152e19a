"""What Fernhill posted and will post: (kind, topic, campaign, benefit, channels, picture, text).

Channels are letters: x, f(acebook), m(astodon). `picture` names a drawing of `pictures.py`. Texts fit 280 characters.
"""

# ruff: noqa: E501  (a post is one line, as it goes out)
from __future__ import annotations

from typing import NamedTuple


class Draft(NamedTuple):
    """One post to be written by a member of staff."""

    kind: str
    topic: str
    campaign: str
    benefit: str
    channels: str
    picture: str
    text: str


BINS, ROADS, MEETINGS, EVENTS = "Bins and recycling", "Roads and pavements", "Council meetings", "Events in town"
MONEY, POND, ALLOTMENTS = "Money and council tax", "Mill Pond wildlife", "Allotments"
CYCLES, HISTORY, YOUTH = "Cycle network", "Local history", "Youth club"
WINTER, RESTORED, STREET = "Winter ready", "Mill Pond restored", "Have your say: High Street"

# fmt: off
WEEKLY = (
    Draft("service", BINS, "", "done", "xf", "bins", "Bin day this week: green lids on Tuesday and Wednesday, brown on Thursday. Please have them out by 7 am. Not sure which day is yours? https://fernhill.example/bins"),
    Draft("event", MEETINGS, "", "say", "xfm", "", "The council meets on Thursday at 7 pm in the Town Hall, and you can ask a question in the first half hour. The agenda is here: https://fernhill.example/meetings"),
)

DRAFTS = (
    Draft("question", ROADS, STREET, "say", "xfm", "street", "Wider pavements or more short-stay parking on the High Street: which would bring you into town more often, and why? We read every answer before the vote on 12 December."),
    Draft("behind", POND, RESTORED, "learn", "fm", "pond", "Six hundred tonnes of silt came out of Mill Pond this month. Our ranger Joy shows what lived in it: freshwater mussels, a lost sluice key and eleven tennis balls."),
    Draft("keep", BINS, "", "done", "f", "calendar", "Keep this one: our recycling calendar for the winter, with the changed days at Christmas. Print it for the fridge: https://fernhill.example/calendar"),
    Draft("news", ROADS, WINTER, "learn", "xfm", "grit", "Our two gritters are out from 4 am tonight. Main roads and bus routes come first, then the hill at Church Lane. Side streets have yellow grit bins you may use."),
    Draft("people", YOUTH, "", "connect", "fm", "youth", "Kai has run the Friday youth club for nine years. What keeps him going? 'The moment somebody who never speaks asks to run the music.' Fridays 6 to 9 pm, Drill Hall."),
    Draft("fix", ROADS, "", "done", "xf", "", "Fixed: the broken light at the Station Road crossing. Four of you told us on Monday; it has worked since Wednesday 3 pm. Thank you for reporting it."),
    Draft("event", EVENTS, "", "connect", "xfm", "market", "The autumn market is on Saturday from 9 am to 2 pm in Bridge Square: 34 stalls, cider press, and the repair café will mend your toaster for nothing."),
    Draft("question", CYCLES, "", "say", "xm", "bike", "Where in Fernhill do you get off and push? Tell us the junction and what is wrong there. We are choosing five spots to mend before spring."),
    Draft("news", MONEY, "", "learn", "xf", "", "Council tax support has changed this month. If your hours were cut you may pay less. It takes ten minutes to check: https://fernhill.example/support"),
    Draft("behind", ALLOTMENTS, "", "learn", "f", "plots", "What does an allotment officer do in November? Measures 214 plots, referees one hedge, and moves twelve people up the waiting list. Well done, plot 88!"),
    Draft("quote", HISTORY, "", "recognised", "fm", "mill", "'We carried the flour over the weir by hand.' Edna Marsh, 94, remembers the last winter of the mill. Her whole story is at the library until January."),
    Draft("service", ROADS, "", "learn", "xfm", "", "Church Lane is closed from Monday to Friday for a new water main. Buses 4 and 11 go round by Station Road. People on foot and bikes can get through."),
    Draft("question", EVENTS, "", "say", "f", "lights", "Which street should get this year's lantern? Last year Mill Road won by two votes. Name your street and your reason."),
    Draft("keep", MONEY, "", "done", "xf", "", "Three numbers worth saving: 01632 960 100 for anything, 01632 960 101 for a blocked road out of hours, 01632 960 102 if you cannot pay a bill and want to talk."),
    Draft("news", POND, RESTORED, "learn", "xfm", "heron", "The heron is back. She stood on the new reed bed this morning as if she had ordered it. Paths on the north side open on Friday."),
    Draft("event", YOUTH, "", "connect", "xf", "", "Skate repair night: bring a board, leave with better bearings. Wednesday 5 to 8 pm, Drill Hall, free, ages 11 to 18."),
    Draft("correction", ROADS, "", "learn", "xf", "", "Correction: we wrote that the Station Road car park closes at 8 pm. It closes at 10 pm. We are sorry for the trouble and have changed the signs."),
    Draft("question", ALLOTMENTS, "", "connect", "fm", "plots", "Pumpkin soup or pumpkin cake? Plot holders, please settle an argument in the office and tell us your recipe."),
    Draft("people", BINS, "", "recognised", "f", "bins", "Sandra and Pete lift about four hundred bins a morning. Their one wish: please close the lid. It keeps the rain out, and the foxes."),
    Draft("news", CYCLES, "", "learn", "xm", "bike", "The missing 300 metres of cycle path behind the station are open. You can now ride from the library to the school without meeting a lorry."),
    Draft("service", BINS, WINTER, "done", "xfm", "", "Ice has stopped the brown bin round in Hill Top today. Leave your bin out: the crew comes back on Friday. No need to report it."),
    Draft("fix", POND, RESTORED, "done", "xf", "", "You told us that the step by the weir was slippery. It has a grip strip and a rail since this morning."),
    Draft("event", HISTORY, "", "connect", "fm", "mill", "Walk the old mill race with Dr Amin on Sunday at 11 am. Flat path, 1.5 km, and wheelchairs can do all but the last gate. Meet at the pond."),
    Draft("question", ROADS, STREET, "say", "xf", "street", "We read your 214 answers about the High Street. Most of you asked for benches and shade. What did we miss?"),
    Draft("news", EVENTS, WINTER, "learn", "xfm", "", "Warm rooms open on 1 December: the library, the Drill Hall and St Anne's. Tea, sockets, somebody to talk to. No questions asked."),
)

COMING = (
    Draft("event", EVENTS, "", "connect", "xfm", "lights", "The lights go on at 5 pm on Friday in Bridge Square. The quiet hour for people who like less noise is from 3 to 4 pm."),
    Draft("service", BINS, WINTER, "done", "xf", "bins", "Green lids go out a day early next week. Tuesday streets on Monday, Wednesday streets on Tuesday. Your street: https://fernhill.example/bins"),
    Draft("question", POND, RESTORED, "say", "fm", "pond", "The new island in Mill Pond has no name yet. Suggest one. The school council picks the winner on the last day of term."),
    Draft("behind", ROADS, WINTER, "learn", "fm", "grit", "How do we know when to grit? A probe in the road by the bridge phones us when it drops below one degree. Its nickname is Gerald."),
    Draft("news", MONEY, "", "learn", "xf", "", "The draft budget is out in plain English: what comes in, what goes out, and the four choices councillors have. https://fernhill.example/budget"),
    Draft("event", MEETINGS, "", "say", "xfm", "", "Ask the leader, live, on Tuesday at 6 pm. Send your question before then as a comment or at the library desk."),
)

# Words, who said them, where they come from.
QUOTED = ("We carried the flour over the weir by hand.", "Edna Marsh, 94", "Told to the library, recorded 2025")

IDEAS = (
    Draft("people", ALLOTMENTS, "", "recognised", "f", "", "Idea: the man on plot 12 who grows only garlic. Eleven kinds. Talk to him before the harvest supper."),
    Draft("behind", POND, "", "learn", "fm", "heron", "Dawn at the pond with the ranger, in ten pictures. Needs alt text for each and a dry morning."),
    Draft("question", YOUTH, "", "say", "f", "", "Ask the youth club what the empty shop in Station Road should be for one month."),
)
# fmt: on
