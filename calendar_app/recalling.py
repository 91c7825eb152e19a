"""What the desk knows of the pictures, checks and consents that a table names."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import carrying, extras, pictures
from calendar_app.carrying import Consent
from calendar_app.models import Post, PostFact
from calendar_app.words import Sourced
from channels_app import rights
from channels_app.models import Media


class Desk:
    """Asks the database for each thing once; `by` is who brings the file."""

    def __init__(self, by: User, now: datetime) -> None:
        self.by, self.now = by, now
        self._pictures: dict[str, tuple[str, str] | str] = {}

    def picture(self, said: str) -> tuple[str, str]:
        said = said.strip()
        if said not in self._pictures:
            self._pictures[said] = self._find(said)
        found = self._pictures[said]
        if isinstance(found, str):
            raise Invalid(found)
        return found

    def _find(self, said: str) -> tuple[str, str] | str:
        """Key and name, or why there is none."""
        rows = Media.objects.visible_to(self.by, self.now).filter(state="ready").prefetch_related("consents")
        key = extras.KEY.fullmatch(said)
        named = list(rows.filter(key=key[1]) if key else rows.filter(name=said)[:2])
        if not named:
            return f"There is no picture called “{said[:60]}” in the library."
        if len(named) > 1:
            return f"“{said[:60]}” could be more than one picture. Name it by its key."
        why = rights.why_not(named[0], pictures.local_day(self.now))
        return why or (str(named[0].key), named[0].name)

    def fact(self, words: str, source: str, checker: str, at: str) -> Sourced:
        moment = extras.moment_of(at) if checker else None
        known = None
        if moment is not None:
            same = PostFact.objects.filter(words=words, source=source, checked_at=moment, checked_by__name=checker)
            known = same.values_list("checked_by__key", flat=True).first()
        return Sourced(words, source, str(known), at) if known else Sourced(words, source)

    def consent(self, people: str, safe: bool, by: str) -> Consent:
        said = Consent(people, safe)
        name, at = extras.fields(by, 2)
        for kept in Post.objects.filter(consent__people=people, consent__at=at).values_list("consent", flat=True)[:5]:
            known = Consent(**kept)
            if known.safe == safe and User.objects.filter(key=known.by, name=name).exists():
                return known
        return carrying.recorded(said, Consent(), str(self.by.key), self.now.isoformat())
