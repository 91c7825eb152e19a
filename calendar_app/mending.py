"""Edit and approve: an approver changes the words and signs them in one act.

The words stay those of whoever asked, who is shown the edit; a version keeps each state of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from calendar_app import releasing, signoff, wording
from calendar_app.models import Placement, Post, PostVersion, Remark
from calendar_app.words import as_json, words_of


@transaction.atomic
def edit_and_approve(
    post: Post, rows: Sequence[Placement], seen: Mapping[str, str], texts: Mapping[str, str], *, by: User, now: datetime
) -> None:
    """Put the new words of each placement (by its key) into the post and sign them; `seen` are the seals as read."""
    rows = releasing.locked(post, list(rows))
    if not rows:
        raise LostRace("Nothing of this waits for a signature any more.", next_step="Load the queue again.")
    for one in rows:
        require(by, "approve_post", now, one.channel.scope)
        if wording.content_hash(one) != seen.get(str(one.key), "").partition("@")[0]:
            raise LostRace("The words were changed while you were reading.", next_step="Read them again and decide.")
    changed = _put(post, rows, {key: text.strip() for key, text in texts.items()})
    post = Post.objects.whole().get(pk=post.pk)
    if changed:
        _keep(post, rows, by, now)
        post = Post.objects.whole().get(pk=post.pk)
    for one in releasing.locked(post, rows):
        seal = signoff.seal(one, signoff.steps_for(one, one.asked_by or post.author, now), post)
        signoff.approve(one, seal, by=by, now=now, remark="The words were changed while signing." if changed else "")


def _put(post: Post, rows: Sequence[Placement], texts: Mapping[str, str]) -> bool:
    """Store the new words: in the post where all its channels say the same, else as the channel's own."""
    if any(not texts.get(str(one.key)) for one in rows):
        raise Invalid("A post needs words.", next_step="Send it back instead, if there should be none.")
    fresh = {one: texts[str(one.key)] for one in rows if texts[str(one.key)] != (one.text or post.text).strip()}
    living = [one.pk for one in post.placements.exclude(state="cancelled")]
    if len(set(fresh.values())) == 1 and set(living) == {one.pk for one in fresh} and not any(o.text for o in fresh):
        Post.objects.filter(pk=post.pk).update(text=next(iter(fresh.values())))
    else:
        for one, text in fresh.items():
            Placement.objects.filter(pk=one.pk).update(text=text)
    return bool(fresh)


def _keep(post: Post, rows: Sequence[Placement], by: User, now: datetime) -> None:
    """A version of what it says now, and a line that shows what was changed."""
    was, n = post.version, (post.versions.aggregate(last=Max("n"))["last"] or 0) + 1
    PostVersion.objects.create(post=post, n=n, words=as_json(words_of(post)), by=by, at=now, while_signing=True)
    Post.objects.filter(pk=post.pk).update(version=n, changed_at=now)
    Remark.objects.create(
        post=post,
        kind="edit",
        words=f"{by.name} changed words while signing.",
        places=wording.places(rows)[:300],
        version=was,
        by=by,
        at=now,
    )
