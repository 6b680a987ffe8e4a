"""Answers the health checks of platforms and load balancers, before anything looks at the name of the host."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    """The first middleware: load balancers ask by IP address, which is in nobody's ALLOWED_HOSTS.

    Nothing but the process itself is asked: a database that is down is not mended by a restart here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        return self.get_response(request)
