"""What somebody who leaves looked after in the inbox besides conversations, and who has to be found for it."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.leaving import Part
from engagement.handing_on import Leaver
from engagement.models import OutreachPlace, Relationship, Rule, Suggestion
from engagement.suggestions import ENDED


def part(leaver: Leaver) -> Part:
    """Nobody is chosen for these by itself: each is a thing to be done, and named."""
    places = list(OutreachPlace.objects.filter(may_post=leaver.user, active=True))
    for one in places if leaver.real else ():
        one.may_post.remove(leaver.user)
    done = [f"They are off the list of those who write at {one}." for one in places]
    return Part(done, list(_to_do(leaver)))


def _to_do(leaver: Leaver) -> Iterator[str]:
    name = leaver.user.name
    for one in Relationship.objects.filter(owner=leaver.user, active=True):
        follow = f" There is something to follow up: {one.follow_up_words}" if one.follow_up_on else ""
        yield f"Choose who keeps in touch with {one} instead of {name}.{follow}"
    for idea in Suggestion.objects.filter(owner=leaver.user).exclude(state__in=ENDED).select_related("message"):
        yield f"Choose who looks after this idea instead of {name}: “{idea.message.text[:90]}”"
    for rule in Rule.objects.filter(state="on"):
        newest = rule.newest
        if newest.assignee_id == leaver.user.pk:
            yield f"Change the rule “{rule}”: it gives conversations to {name}."
        elif newest.notify.filter(pk=leaver.user.pk).exists():
            yield f"Change the rule “{rule}”: it tells {name}."
