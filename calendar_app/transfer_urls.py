"""Routes of what enters and leaves the plan."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import importing, transfers

app_name = "plan"
urlpatterns = [
    path("", transfers.ways, name="ways"),
    path("export/", transfers.export_plan, name="export"),
    path("print/", transfers.print_month, name="print"),
    path("feed/renew/", transfers.renew_feed, name="renew-feed"),
    path("feed/revoke/", transfers.revoke_feed, name="revoke-feed"),
    path("feed/<str:secret>.ics", transfers.feed, name="feed"),
    path("imports/", importing.imports, name="imports"),
    path("imports/new/", importing.take_file, name="take-file"),
    path("imports/<uuid:key>/", importing.one_import, name="import"),
    path("imports/<uuid:key>/progress/", importing.progress, name="progress"),
    path("imports/<uuid:key>/check/", importing.check_import, name="check"),
    path("imports/<uuid:key>/make/", importing.make_import, name="make"),
    path("imports/<uuid:key>/change/", importing.change_import, name="change"),
    path("imports/<uuid:key>/discard/", importing.discard_import, name="discard"),
    path("imports/<uuid:key>/undo/", importing.undo_import, name="undo"),
    path("imports/<uuid:key>/rows/", importing.bad_rows, name="bad-rows"),
]
