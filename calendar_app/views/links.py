"""Short links with their clicks, how links are marked, and the list of services."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import leading
from calendar_app.link_forms import MarksForm, SchemeForm, ServiceForm
from calendar_app.views.finding import now_of
from channels_app import links, service_links
from channels_app.models import Channel, LinkScheme, ServiceLink

A_PAGE = 50


@allow("see_calendar")
def links_page(request: HttpRequest) -> HttpResponse:
    return _links(request)


@allow("change_links")
@require_POST
def set_scheme(request: HttpRequest) -> HttpResponse:
    form = SchemeForm(request.POST, instance=LinkScheme.here())
    if not form.is_valid():
        return _links(request, form)
    told = dict(form.cleaned_data)
    try:
        links.set_scheme(told, told.pop("version"), by=person(request), now=now_of(request))
    except Invalid as why:
        form.add_error(None, why.words)
        return _links(request, form)
    messages.success(request, "Saved. It holds for what is scheduled from now on.")
    return redirect("links:links")


@allow("change_links")
@require_POST
def set_marks(request: HttpRequest) -> HttpResponse:
    form = MarksForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose a channel, and marks of at most 80 characters.")
    data = form.cleaned_data
    channel = get_object_or_404(Channel.objects.visible_to(person(request), now_of(request)), key=data["channel"])
    links.set_marks(channel, data["source"], data["medium"], by=person(request), now=now_of(request))
    messages.success(request, "Saved.")
    return redirect("links:links")


@allow("see_calendar")
def services(request: HttpRequest) -> HttpResponse:
    return _services(request, ServiceForm())


@allow("change_links")
@require_POST
def add_service(request: HttpRequest) -> HttpResponse:
    form = ServiceForm(request.POST)
    if form.is_valid():
        try:
            service_links.add(**form.cleaned_data, by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error("url", why.words)
        else:
            messages.success(request, "Added. Its address is looked at within minutes.")
            return redirect("links:services")
    return _services(request, form)


@allow("change_links")
def service(request: HttpRequest, key: UUID) -> HttpResponse:
    found = get_object_or_404(ServiceLink, key=key)
    form = ServiceForm(
        request.POST if request.method == "POST" else None, instance=get_object_or_404(ServiceLink, key=key)
    )
    if form.is_bound and form.is_valid():
        try:
            service_links.change(found, **form.cleaned_data, by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error("url", why.words)
        else:
            messages.success(request, "Saved.")
            return redirect("links:services")
    context = {"here": "services", "service": found, "form": form, "uses": leading.posts_with(found, now_of(request))}
    return render(request, "links/service.html", context, status=422 if form.errors else 200)


@allow("change_links")
@require_POST
def put_service_away(request: HttpRequest, key: UUID) -> HttpResponse:
    service_links.put_away(get_object_or_404(ServiceLink, key=key), by=person(request), now=now_of(request))
    return redirect("links:services")


def _links(request: HttpRequest, form: SchemeForm | None = None) -> HttpResponse:
    user, scheme = person(request), LinkScheme.here()
    page = Paginator(links.recent(), A_PAGE).get_page(request.GET.get("page"))
    channels = Channel.objects.living().visible_to(user, now_of(request)).select_related("marks")
    context = {
        "here": "links",
        "page": page,
        "rows": leading.named(page.object_list, user, now_of(request)),
        "off": links.why_off(),
        "form": form or SchemeForm(instance=scheme, initial={"version": scheme.version}),
        "channels": [(one, getattr(one, "marks", None)) for one in channels],
        "may_change": may(user, "change_links", now_of(request)),
    }
    return render(request, "links/links.html", context, status=422 if form else 200)


def _services(request: HttpRequest, form: ServiceForm) -> HttpResponse:
    rows = ServiceLink.objects.select_related("topic").order_by("-active", "name")
    context = {
        "here": "services",
        "rows": rows,
        "form": form,
        "may_change": may(person(request), "change_links", now_of(request)),
    }
    return render(request, "links/services.html", context, status=422 if form.errors else 200)
