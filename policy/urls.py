"""Routes of the policy workspace: nouns, then a verb."""

from django.urls import path

from policy.views import asking, choices, finalsay, handbook, packs, permitting, public, signing, writing

app_name = "policy"
urlpatterns = [
    path("", handbook.handbook, name="handbook"),
    path("ask/", asking.ask, name="ask"),
    path("clauses/<slug:guide>/<slug:anchor>/", asking.clause, name="clause"),
    path("permitted/", permitting.matrix, name="permitted"),
    path("permitted/change/", permitting.permit, name="permit"),
    path("permitted/narrow/", permitting.narrow, name="narrow"),
    path("permitted/<int:pk>/widen/", permitting.widen, name="widen"),
    path("signing/", signing.rules, name="signing-rules"),
    path("signing/add/", signing.add, name="add-signing-rule"),
    path("signing/<uuid:key>/end/", signing.end, name="end-signing-rule"),
    path("choices/", choices.choices, name="choices"),
    path("public/<slug:guide>/", public.public, name="public"),
    path("guides/<slug:guide>/", handbook.guide, name="guide"),
    path("guides/<slug:guide>/versions/", handbook.versions, name="versions"),
    path("guides/<slug:guide>/versions/<int:number>/", handbook.version, name="version"),
    path("guides/<slug:guide>/acknowledge/", handbook.acknowledge, name="acknowledge"),
    path("guides/<slug:guide>/readers/", handbook.readers, name="readers"),
    path("guides/<slug:guide>/remind/", handbook.remind, name="remind"),
    path("guides/<slug:guide>/export.<slug:form>", handbook.export, name="export"),
    path("guides/<slug:guide>/adopt/", writing.adopt, name="adopt"),
    path("guides/<slug:guide>/begin/", writing.begin, name="begin-draft"),
    path("guides/<slug:guide>/draft/", writing.draft, name="draft"),
    path("guides/<slug:guide>/draft/ask/", writing.ask, name="ask-approval"),
    path("guides/<slug:guide>/draft/back/", writing.back, name="back-to-draft"),
    path("guides/<slug:guide>/draft/drop/", writing.drop, name="drop-draft"),
    path("guides/<slug:guide>/draft/approve/", writing.approve, name="approve-guide"),
    path("guides/<slug:guide>/draft/clauses/", writing.clause, name="new-clause"),
    path("guides/<slug:guide>/draft/clauses/<slug:anchor>/", writing.clause, name="edit-clause"),
    path("guides/<slug:guide>/draft/clauses/<slug:anchor>/remove/", writing.remove, name="remove-clause"),
    path("guides/<slug:guide>/draft/clauses/<slug:anchor>/move/", writing.shift, name="move-clause"),
    path("final-say/", finalsay.register, name="final-say"),
    path("final-say/name/", finalsay.name, name="name-final-say"),
    path("final-say/away/", finalsay.be_away, name="be-away"),
    path("final-say/away/<uuid:key>/back/", finalsay.be_back, name="be-back"),
    path("final-say/<uuid:key>/", finalsay.history, name="final-say-history"),
    path("final-say/<uuid:key>/change/", finalsay.name, name="change-final-say"),
    path("final-say/<uuid:key>/end/", finalsay.end, name="end-final-say"),
    path("pack/", packs.pack, name="pack"),
    path("pack/review/", packs.review, name="review-pack"),
]
