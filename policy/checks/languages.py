"""Which language a paragraph is plainly in, by its commonest small words. It says nothing where it is not plain."""

from __future__ import annotations

import re

SMALL = {
    "en": "the and of to in is are you for we on with that this it be your will at have not or from by can our",
    "cy": "y yr yn ac ar mae i o gan ei eich ein bydd wedi am nid yw ond sydd hyn gyda chi ni fod cael os dydd",
    "fr": "le la les des et est une un du dans vous nous pour sur que qui avec sont votre notre pas par au aux ce",
    "es": "el la los las de y es una un en para por con que su se del al está son más nuestro nuestra usted",
    "de": "der die das und ist ein eine nicht mit für auf von sie wir den dem zu im des sich bei oder auch wird",
    "pl": "i w na z się do jest nie to że są dla po od o jak przez przy jego oraz lub tylko już państwa",
    "ga": "an na agus is tá ar an le go i ag do sé sí seo sin bhí atá nach leis mar sa chun",
    "gd": "an na agus is tha air le gu aig do e i seo sin bha nach leis mar anns airson",
    "pt": "o a os as de e é uma um em para por com que não do da dos das no na seu sua está são mais",
    "it": "il lo la i gli le di e è una un in per con che non del della dei sono più al alla nel si",
}
NAMES = {
    "en": "English",
    "cy": "Welsh",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "pl": "Polish",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "pt": "Portuguese",
    "it": "Italian",
}
SETS = {tag: frozenset(words.split()) for tag, words in SMALL.items()}
PARAGRAPH = re.compile(r"[^\n]+")
FEWEST, SHARE, LEAD = 6, 0.28, 1.5


def foreign(text: str, tag: str) -> list[tuple[tuple[int, int], str]]:
    """The paragraphs that are plainly in another language than `tag`, each with that language's tag."""
    found, own = [], tag.lower().partition("-")[0]
    for hit in PARAGRAPH.finditer(text):
        meant = guess(hit.group(), own)
        if meant and meant != own:
            found.append((hit.span(), meant))
    return found


def guess(paragraph: str, first: str = "") -> str:
    """The language whose small words are common in it, far more so than any other's; else nothing.

    `first` is looked at first: where it fits there is no need to look further.
    """
    words = paragraph.lower().split()
    if len(words) < FEWEST:
        return ""
    if sum(word in SETS.get(first, ()) for word in words) > SHARE * len(words):
        return first
    counts = sorted(((sum(word in small for word in words), tag) for tag, small in SETS.items()), reverse=True)
    (most, tag), (second, _) = counts[:2]
    plain = most / len(words) >= SHARE and most >= LEAD * max(second, 1)
    return tag if plain else ""
