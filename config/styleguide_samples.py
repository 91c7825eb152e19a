"""What the style guide shows: one invented town's posts, people and numbers."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from config.styleguide_month import days

DELIVERIES = [
    {"state": "scheduled"},
    {"state": "sending"},
    {"state": "awaiting_platform", "platform": "Facebook"},
    {"state": "unknown", "platform": "X"},
    {"state": "published", "url": "https://social.fernhill.example/@council/112"},
    {"state": "retry_wait", "why": "X allows no more posts this quarter of an hour", "until": "14:30"},
    {"state": "blocked", "why": "Facebook has lost its connection"},
    {"state": "needs_attention", "todo": "Look on Facebook whether it is there, then say so here"},
    {"state": "missed", "why": "its approval came 3 h after its time; not sent"},
    {"state": "failed", "reason": "Mastodon refused the picture as too large"},
    {"state": "removed", "platform": "X"},
    {"state": "cancelled"},
]
PLACEMENTS = [{"state": "draft"}, {"state": "in_review"}, {"state": "approved"}]
COUNTDOWNS = [
    {"words": "Due from 09:00", "state": "unstarted"},
    {"words": "19 h left", "state": "calm"},
    {"words": "3 h left", "state": "soon"},
    {"words": "5 h late", "state": "late"},
    {"words": "Waiting for the resident", "state": "paused"},
    {"words": "Answered in 2 h 10 min", "state": "met"},
]
PLATFORMS = [
    ("x", "X"),
    ("facebook", "Facebook"),
    ("mastodon", "Mastodon"),
    ("bluesky", "Bluesky"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("youtube", "YouTube"),
    ("pinterest", "Pinterest"),
    ("vimeo", "Vimeo"),
    ("wordpress", "WordPress"),
    ("rss", "RSS"),
    ("manual", "By hand"),
]
DRAWINGS = [
    ("done", "Nothing is due", "Every conversation of yours has an answer."),
    ("inbox", "No conversations here", "Residents' comments and messages appear here within a few minutes."),
    ("calendar", "Nothing planned this week", "Write a post, or drop an idea from the drawer on a day."),
    ("search", "Nothing found for “bin days”", "Try fewer words, or search all channels."),
    ("plug", "No channels yet", "Connect the first one to plan and to listen."),
    ("chart", "Too early to say", "Numbers appear when the first post has been out for an hour."),
    ("people", "Nobody has written yet", "People are remembered by their own threads only."),
    ("paper", "No drafts", "Drafts you have not scheduled are kept here."),
]
FINDINGS = [
    {
        "level": "must",
        "words": "The picture has no alternative text.",
        "why": "People who cannot see it would get nothing.",
        "clause": "Policy 4.2",
        "clause_url": "#clause-4-2",
    },
    {
        "level": "should",
        "words": "This word is hard to read:",
        "quote": "commence",
        "why": "Write as you would say it.",
        "clause": "Voice 2.1",
        "clause_url": "#clause-4-2",
        "fix_words": "Change to “start”",
        "fix_value": "1",
    },
    {"level": "consider", "words": "Ask a question people can answer.", "why": "Posts with one get more replies here."},
]
EVENTS = [
    {
        "icon": "message-square",
        "words": "Rosa Marsh wrote on Facebook",
        "at_words": "Tue 08:12",
        "more": "“The path along Mill Brook has been dark for a week.”",
    },
    {"icon": "user-plus", "words": "Dana took it", "at_words": "08:40", "tone": "accent"},
    {
        "icon": "signature",
        "words": "Sam Okoro asked for sign-off by the Head of Streets",
        "at_words": "09:05",
        "tone": "sign",
        "more": "Policy 6.1: promises about repairs are signed off.",
    },
    {"icon": "badge-check", "words": "Priya Nair approved, with one edit", "at_words": "09:31", "tone": "good"},
    {
        "icon": "send",
        "words": "The answer is public",
        "at_words": "09:32",
        "tone": "good",
        "more": "1 h 20 min after Rosa wrote",
    },
]
CHANGES = [
    {"kind": "same", "words": "Thank you for telling us, Rosa. The lamps along Mill Brook "},
    {"kind": "removed", "words": "will be fixed tomorrow"},
    {"kind": "added", "words": "are on Thursday's repair round"},
    {"kind": "same", "words": ", and we will write here when they are lit again. ^DW"},
]
ANSWERED = {
    "id": "answered",
    "kind": "line",
    "unit": "%",
    "csv": "#",
    "finding": "Nine in ten answers came within a day, for the third week running",
    "note": "Share of conversations answered within 24 h, all channels, by week",
    "names": ["Week of", "Within 24 h", "Promised"],
    "dashed": ["Promised"],
    "tones": ["1", "plain"],
    "rows": [
        ["7 Sep", 71, 90],
        ["14 Sep", 76, 90],
        ["21 Sep", 82, 90],
        ["28 Sep", None, 90],
        ["5 Oct", 84, 90],
        ["12 Oct", 88, 90],
        ["19 Oct", 86, 90],
        ["26 Oct", 91, 90],
        ["2 Nov", 93, 90],
        ["9 Nov", 92, 90],
    ],
}
TALK = {
    "id": "talk",
    "kind": "stacked",
    "finding": "Conversation overtook broadcast in November",
    "note": "Posts and replies by week",
    "names": ["Week of", "Replies", "Posts that ask", "Posts that tell"],
    "tones": ["1", "2", "8"],
    "rows": [
        ["12 Oct", 21, 3, 24],
        ["19 Oct", 26, 5, 22],
        ["26 Oct", 31, 6, 20],
        ["2 Nov", 38, 7, 19],
        ["9 Nov", 41, 9, 17],
    ],
}
TOPICS = {
    "id": "topics",
    "kind": "level",
    "finding": "Road works are what people talk about most",
    "note": "Comments per post, last 12 weeks",
    "names": ["Topic", "Comments per post"],
    "tones": ["1"],
    "rows": [["Road works", 14.2], ["Swimming pool", 9.8], ["Bins", 8.1], ["Market", 5.5], ["Council meetings", 1.9]],
}


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Short name", help_text="Seen in lists, never by the public.")
    words = forms.CharField(label="Words", widget=forms.Textarea(attrs={"rows": 4}))
    when = forms.DateTimeField(
        label="When", help_text="Fernhill time (GMT).", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    topic = forms.ChoiceField(
        label="Topic", choices=[("", "Choose a topic"), ("roads", "Road works"), ("pool", "Swimming pool")]
    )
    email = forms.EmailField(label="E-mail", help_text="Where we send the report.")
    picture = forms.FileField(label="Picture", required=False, help_text="JPEG, PNG, WebP or GIF, up to 15 MB.")
    kind = forms.ChoiceField(
        label="Kind of post",
        widget=forms.RadioSelect,
        choices=[("q", "Question"), ("s", "Service change"), ("e", "Event")],
    )
    tell = forms.BooleanField(
        label="Tell me when it is published", required=False, help_text="In Parley, not by e-mail."
    )


SAMPLES: dict[str, object] = {
    "deliveries": DELIVERIES,
    "placements": PLACEMENTS,
    "countdowns": COUNTDOWNS,
    "platforms": PLATFORMS,
    "drawings": DRAWINGS,
    "findings": FINDINGS,
    "events": EVENTS,
    "changes": CHANGES,
    "answered": ANSWERED,
    "talk": TALK,
    "topics": TOPICS,
    "rising": [71, 76, 82, None, 84, 88, 86, 91, 93, 92],
    "falling": [40, 38, 39, 31, 30, 26, 27, 22],
    "sample_tabs": [
        {"name": "Mine", "url": "#", "count": 7, "active": True},
        {"name": "Unassigned", "url": "#", "count": 12},
        {"name": "Team", "url": "#", "count": ""},
        {"name": "Waiting", "url": "#", "count": 3},
        {"name": "Escalated", "url": "#", "count": 1, "tone": "sign"},
        {"name": "Done", "url": "#", "count": ""},
    ],
    "sample_menu": [
        {"words": "Move to…", "url": "#", "icon": "calendar-arrow-down"},
        {"words": "Copy", "url": "#", "icon": "copy"},
        {"words": "Cancel this post", "url": "#", "icon": "ban", "kind": "danger"},
    ],
    "stacks": [["Facebook", 312, 41, None], ["X", 188, 27, 12], ["Mastodon", 96, 33, 4]],
    "stack_names": ["Channel", "Comments", "Replies from us", "Shares"],
    "hues": range(1, 9),
}


def everything(request: HttpRequest) -> dict[str, object]:
    """The samples every page of the guide may use."""
    return SAMPLES | {
        "days": days(),
        "form": SampleForm(auto_id="id_ok_%s"),
        "wrong": SampleForm({"title": "", "words": "Hello", "email": "dana@", "when": "2027-03-28T01:30"}),
        "results": Paginator(range(431), 50).get_page(request.GET.get("page", 2)),
    }
