"""Texts for the fuzz: what people write, in any order, with everything that could trip a check between it."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from policy.checks import Context, Draft, Image, Video
from policy.checks.catalogue import RULES

SAYINGS = tuple(dict.fromkeys(row for rule in RULES.values() for row in (rule.fires.draft.text, rule.near.draft.text)))
ODD = (
    "𝐅𝐑𝐄𝐄",
    "ʜɪ",
    "🎉",
    "👏👏",
    "🇬🇧",
    "👍🏽",
    "1️⃣",
    "❤️",
    "👩‍👩‍👧",
    "\ufe0f",
    "\u200d",
    "#binday",
    "#",
    "@someone",
    "https://fernhill.example/a?b=c",
    "http://",
    "a@b.example",
    "!!",
    "?!",
    "…",
    "\n",
    "\n\n",
    "  ",
    "\t",
    "AB",
    "ROAD CLOSED",
    "DO NOT USE",
    "(ASB)",
    "ASB",
    "03/04/2027",
    "31 February",
    "at 7",
    "7:30",
    "by Friday",
    "within 3 working days",
    "£50",
    "046 454 286",
    "4111 1111 1111 1111",
    "SW1A 1AA",
    "12 Mill Lane, NN1 1ED",
    "ǅ",
    "İ",
    "ß",
    "a an",
    "an agenda",
    "An utilisation",
    "We'll",
    "we will",
    "the council",
    "--",
    ":-)",
    "<3",
    "¯\\_(ツ)_/¯",
    "w/",
    "&",
    " + ",
    "“sure”",
    "Really?",
    "١٢٣",
    "中文",
    "Mae'r ffordd ar gau yn y dref ac am ddiwrnod",
)
TODAY = date(2026, 11, 23)
FACTS = {
    "place": "Facebook",
    "network": "facebook",
    "used": 400,
    "limit": 280,
    "today": TODAY,
    "border": True,
    "day_first": True,
    "their_words": "My bin at 12 Mill Lane was not collected.",
    "person": "Sam",
    "earlier": ("Thank you.",) * 4,
    "sign_off": "^AB",
    "facts": frozenset(["400 trees"]),
    "politicians": frozenset(["Jo Marsh"]),
    "parties": frozenset(["Green Party"]),
    "children": frozenset(["Mia"]),
    "homes": frozenset(["Mill Lane"]),
    "people_behind": True,
    "reading": "uk",
    "access_due": TODAY,
    "live_days": 14,
}
PICTURES = (
    Image("photo of a bench", has_text=True, text="Saturday 6 pm", ai=True, staged=True),
    Image("", theirs=True),
    Image("IMG_1.jpg", quote="We carried the flour"),
)
VIDEOS = (Video(captions="auto", described=False, flashes=True), Video(kind="live", plan="", kept_since=TODAY))

pieces = st.one_of(st.sampled_from(SAYINGS + ODD), st.text(max_size=12))
texts = st.builds(
    lambda rows, gap: gap.join(rows), st.lists(pieces, max_size=9), st.sampled_from([" ", "", ". ", "\n"])
)
contexts = st.builds(
    lambda situation, reply, public, signed: Context(
        **FACTS, situation=situation, reply=reply, public=public, signed=signed
    ),
    st.sampled_from(["everyday", "criticism", "bad_news", "emergency", "election", "condolence"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
drafts = st.builds(
    lambda text, rich, language: Draft(
        text,
        pictures=PICTURES if rich else (),
        videos=VIDEOS if rich else (),
        language=language,
        paid=rich,
        partner="Cider",
    ),
    texts,
    st.booleans(),
    st.sampled_from([None, "", "en", "cy"]),
)
