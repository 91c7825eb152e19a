"""“Can I…?”: the search over the clauses, as a page and as the panel beside what is being written."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow
from policy import asking, guides
from policy.views.handbook import known

EXAMPLES = ("photo of a child", "delete a comment", "promise a date", "emoji", "post during an election")


@allow("see_policy")
def ask(request: HttpRequest) -> HttpResponse:
    """What answers the question; with `open` the best clause is opened at once."""
    question = request.GET.get("ask", "")
    found = asking.ask(question)
    opened = found[0] if found and "open" in request.GET else None
    context = {"question": question, "found": found, "opened": opened, "examples": EXAMPLES, "here": "ask"}
    fragment = "HX-Request" in request.headers
    return render(request, "policy/_answers.html" if fragment else "policy/ask.html", context)


@allow("see_policy")
def clause(request: HttpRequest, guide: str, anchor: str) -> HttpResponse:
    """One clause by itself, to be read beside the words."""
    known(guide)
    found = guides.find(guide, anchor)
    if found is None:
        raise Http404
    fragment = "HX-Request" in request.headers
    context = {"clause": found, "ref": guides.ref(guide, found), "here": "ask"}
    return render(request, "policy/_clause_beside.html" if fragment else "policy/one_clause.html", context)
