"""“Can I…?”: from a question in one's own words to the clauses that answer it, offline and in milliseconds.

A curated question that reads like what was asked counts most, then the title, then the words of the clause.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from django.db import connection

from policy import filling, guides
from policy.guides import ClauseRef
from policy.shipped import Words

MOST = 6
LONGEST = 120
ENOUGH = 0.42

# The words people put in front of what they mean.
OPENING = re.compile(
    r"^(?:(?:can|may|must|should|could|do|am|is|are|how|what|which|who|when|where)\s+)?(?:i|we|it|you)?\s*"
    r"(?:to\s+|allowed\s+to\s+)?(?:(?:post|use|have|publish|share|do)\s+)?(?:an?\s+|the\s+|my\s+)?",
    re.IGNORECASE,
)

SEARCH = """
WITH asked AS (SELECT to_tsquery('english', %(terms)s) AS terms, %(words)s::text AS words),
     clause AS (SELECT * FROM jsonb_to_recordset(%(clauses)s)
                AS c(guide text, anchor text, title text, body text, questions text[])),
     scored AS (
  SELECT c.guide, c.anchor,
         (SELECT q FROM unnest(c.questions) q ORDER BY word_similarity(asked.words, q) DESC LIMIT 1) AS question,
         coalesce((SELECT max(word_similarity(asked.words, q) + 0.2 * similarity(asked.words, q))
                     FROM unnest(c.questions) q), 0) AS by_question,
         word_similarity(asked.words, c.title) AS by_title,
         ts_rank(setweight(to_tsvector('english', c.title), 'A')
                 || setweight(to_tsvector('english', array_to_string(c.questions, ' ')), 'B')
                 || setweight(to_tsvector('english', c.body), 'D'), asked.terms) AS by_words
    FROM clause c, asked)
SELECT guide, anchor, question, greatest(by_question, by_title) + by_words AS score
  FROM scored WHERE greatest(by_question, by_title) + by_words >= %(enough)s
 ORDER BY score DESC, guide, anchor LIMIT %(most)s
"""


@dataclass(frozen=True)
class Answer:
    """A clause that may answer, the known question nearest to what was asked, and the clause itself."""

    ref: ClauseRef
    question: str
    clause: Words

    def excerpt(self) -> str:
        words = filling.plain(self.clause.text, filling.known())
        return words if len(words) <= 150 else f"{words[:150].rsplit(' ', 1)[0]} …"


def ask(question: str, most: int = MOST) -> list[Answer]:
    """The clauses that answer best, the best first; none for fewer than two letters."""
    asked = re.sub(r"[^\w\s'-]", " ", question)[:LONGEST].strip()
    if len(asked) < 2:
        return []
    core = OPENING.sub("", asked, count=1).strip() or asked
    terms = " | ".join(f"{word}:*" for word in re.findall(r"\w+", core)[:12])
    held = guides.everything()
    rows = [
        {
            "guide": guide,
            "anchor": one.anchor,
            "title": one.title,
            "body": one.text,
            "questions": list(one.questions) or [one.title],
        }
        for guide, clauses in held.items()
        for one in clauses
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            SEARCH, {"terms": terms, "words": core, "clauses": json.dumps(rows), "enough": ENOUGH, "most": most}
        )
        found = cursor.fetchall()
    clauses_at = {(guide, one.anchor): one for guide, clauses in held.items() for one in clauses}
    return [
        Answer(guides.ref(guide, clauses_at[guide, anchor]), near, clauses_at[guide, anchor])
        for guide, anchor, near, _ in found
    ]
