"""The quote card: somebody's words as a picture whose alt text says the same."""

from __future__ import annotations

import io
import textwrap
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from accounts.refusals import Invalid
from calendar_app.carrying import Quote
from calendar_app.declaring import Declared
from calendar_app.words import Alt, Words, with_pictures, without_picture
from channels_app import media

SIZE = (1200, 675)
GROUND, INK, SOFT, MARK = "#0b3f4a", "#f7f4ec", "#bcd6d6", "#7cc7bf"  # ink on ground: 10.3 to 1
LONGEST = 420
# Up to so many characters: the size of the letters, and how many stand on a line.
STEPS = ((90, 64, 27), (180, 52, 34), (300, 42, 42), (LONGEST, 36, 49))


def with_card(words: Words, *, by: User, now: datetime) -> Words:
    """The words with a card of their quote as the first picture, in place of the card before. Raises Invalid."""
    quote = words.quote
    if not (quote.words and quote.by and quote.source):
        raise Invalid("A quote needs its words, who said them, and where they come from.")
    if len(quote.words) > LONGEST:
        raise Invalid(f"A card has room for {LONGEST} characters; the quote has {len(quote.words)}.")
    made = media.take(SimpleUploadedFile("quote.png", drawn(quote), content_type="image/png"), by=by, now=now)
    without = without_picture(words, quote.card) if quote.card else words
    whole = with_pictures(without, [made])
    card = Alt(str(made.key), quote.words, Declared(has_text=True, text=f"{quote.words} {quote.by}"))
    return whole.but(pictures=(card, *without.pictures), quote=Quote(quote.words, quote.by, quote.source, card.media))


def drawn(quote: Quote) -> bytes:
    """The card as PNG: large words, who said them below."""
    image = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(image)
    _, size, letters = next(step for step in STEPS if len(quote.words) <= step[0])
    lines = textwrap.wrap(f"“{quote.words.strip('“”')}”", letters)
    height = int(size * 1.3)
    top = (SIZE[1] - 90 - height * len(lines)) // 2
    draw.rectangle((90, top, 98, top + height * len(lines)), fill=MARK)
    for number, line in enumerate(lines):
        draw.text((130, top + number * height), line, fill=INK, font=ImageFont.load_default(size))
    draw.text((130, top + height * len(lines) + 28), quote.by, fill=SOFT, font=ImageFont.load_default(32))
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()
