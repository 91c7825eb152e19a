"""Finding conversations by words: what was said in them, and the names of those who wrote."""

from __future__ import annotations

from django.db.models import Q

from engagement.models import Message, Person

MOST_MESSAGES, MOST_PEOPLE = 1_000, 500  # the newest messages with the words, and people of that name
WHERE: dict[str, dict[str, object]] = {
    "done": {"conversation__state": "closed"},
    "waiting": {"conversation__state": "waiting"},
    "escalated": {"conversation__escalated": True},
}


def saying(words: str, tab: str) -> Q:
    """The conversations of a tab in which somebody said these words, or whose person is called so.

    Both are looked up by parts of words in an index, and asked for as ids: a word that everybody uses then costs no
    more than the newest messages with it.
    """
    where = WHERE.get(tab, {"conversation__state": "open"})
    said = Message.objects.filter(text__icontains=words, **where)
    talks = said.order_by("-id").values_list("conversation", flat=True)[:MOST_MESSAGES]
    called = Person.objects.filter(name__icontains=words).values_list("pk", flat=True)[:MOST_PEOPLE]
    return Q(pk__in=set(talks)) | Q(person__in=list(called))
