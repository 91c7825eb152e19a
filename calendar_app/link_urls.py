"""Routes of short links and the services they lead to."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import links

app_name = "links"
urlpatterns = [
    path("", links.links_page, name="links"),
    path("marks/", links.set_scheme, name="set-scheme"),
    path("marks/channel/", links.set_marks, name="set-marks"),
    path("services/", links.services, name="services"),
    path("services/add/", links.add_service, name="add-service"),
    path("services/<uuid:key>/", links.service, name="service"),
    path("services/<uuid:key>/put-away/", links.put_service_away, name="put-service-away"),
]
