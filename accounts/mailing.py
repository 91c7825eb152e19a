"""The mail queue. A mail is a row first, written with what it tells of; sending it may fail and is tried again.

Guarantee: a committed mail is sent at least once, or stands as failed with the reason. A worker that dies between
sending and noting it sends twice; a mail server that is down loses nothing.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from accounts import keyring
from accounts.models import Mail, User

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than one try can take
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60)]  # then hourly
GIVE_UP = timedelta(days=3)


@dataclass(frozen=True)
class Enclosure:
    """A PDF that goes with a mail, and the name of its file."""

    name: str
    data: bytes


def is_on() -> bool:
    """Whether mail can leave at all; without it, links are shown to the administrator who made them."""
    return bool(settings.PRACTICE or settings.EMAIL_HOST)


def post(
    to: str, subject: str, text: str, kind: str, *, now: datetime, user: User | None = None,
    enclosed: Enclosure | None = None,
) -> Mail:  # fmt: skip
    """Put one mail into the queue, in the transaction of the caller."""
    mail = Mail(user=user, to=to, kind=kind, subject=" ".join(subject.split())[:200], next_at=now, created_at=now)
    mail.sealed = keyring.seal(text, _context(mail))
    if enclosed:
        mail.enclosed, mail.enclosed_as = enclosed.data, enclosed.name
    mail.save(force_insert=True)
    return mail


def absolute(url: str) -> str:
    """The address to put into a mail; without a public address, the path alone."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{url}" if url.startswith("/") else url


def claim(now: datetime) -> Mail | None:
    """The next mail due, taken for LEASE; no two workers get the same one."""
    with transaction.atomic():
        mail = Mail.objects.due(now).select_for_update(skip_locked=True).order_by("next_at", "pk").first()
        if mail:
            mail.tries += 1
            mail.next_at = now + LEASE
            mail.save(update_fields=["tries", "next_at"])
    return mail


def send(mail: Mail, now: datetime) -> bool:
    """Send a claimed mail and note how it ended."""
    try:
        text = keyring.open_(mail.sealed, _context(mail))
        message = EmailMessage(mail.subject, text, settings.DEFAULT_FROM_EMAIL, [mail.to])
        if mail.enclosed:
            message.attach(mail.enclosed_as, bytes(mail.enclosed), "application/pdf")
        get_connection(timeout=settings.EMAIL_TIMEOUT).send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _not_sent(mail, now, _server_words(code, words), for_good=code >= 500)
    except smtplib.SMTPResponseException as error:
        return _not_sent(mail, now, _server_words(error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        return _not_sent(mail, now, f"The mail server could not be reached: {error.__class__.__name__}.")
    except keyring.CannotOpen as error:
        return _not_sent(mail, now, str(error), for_good=True)
    Mail.objects.filter(pk=mail.pk).update(state="sent", sent_at=now, sealed="", enclosed=None, why="")
    return True


def send_due(now: datetime, limit: int = 50) -> int:
    """Send what is due; returns how many went out. Stops where the server seems to be down for all."""
    sent = 0
    for _ in range(limit):
        mail = claim(now)
        if mail is None:
            break
        if send(mail, now):
            sent += 1
        elif mail.state == "due":
            break
    return sent


def _not_sent(mail: Mail, now: datetime, why: str, for_good: bool = False) -> bool:
    over = for_good or now - mail.created_at > GIVE_UP
    mail.state = "failed" if over else "due"
    mail.why = why[:300]
    mail.next_at = now + (WAITS[mail.tries - 1] if mail.tries <= len(WAITS) else WAITS[-1])
    mail.save(update_fields=["state", "why", "next_at"])
    log.warning("mail not sent", extra={"mail": mail.key, "why": mail.why, "tries": mail.tries, "state": mail.state})
    return False


def _server_words(code: int, words: bytes | str) -> str:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"The mail server answered {code}: {' '.join(said.split())[:200]}"


def _context(mail: Mail) -> str:
    return f"v1|mail|{mail.key}"
