"""Routes of the policy workspace: nouns, then a verb."""

from django.urls import path

from policy.views import handbook

app_name = "policy"
urlpatterns = [
    path("", handbook.handbook, name="handbook"),
]
