"""The addresses of the API: those of its operations, its description, and a page that explains it."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from hub.accounts.access import View, anyone
from hub.accounts.pages import language
from hub.provide.api import api
from hub.provide.api_limits import admit
from hub.provide.api_problems import Refused, problem
from hub.provide.api_words import OPERATIONS, PARAMETERS
from schemas.problem import Problem

PREFIX = "api/v1/"


def _limited(view: View) -> View:
    """A view of the API: asked within limits, and every answer that is no success is a problem in words."""

    @wraps(view)
    def limited(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            admit(request)
        except Refused as refused:
            return problem(refused.status, refused.problem, refused.headers)
        response = view(request, *arguments, **named)
        if isinstance(response, HttpResponseNotAllowed):
            return problem(405, Problem("api_method"), {"Allow": response.headers["Allow"]})
        response.headers.setdefault("Access-Control-Allow-Origin", "*")  # what anyone may read; no cookies are sent
        response.headers.setdefault("Vary", "Accept-Language, Authorization")
        return response

    return limited


@lru_cache(maxsize=2)
def schema(language: str) -> dict[str, Any]:
    """The description of the API (https://spec.openapis.org/oas/v3.1.0), its sentences in one language."""
    with translation.override(language):
        made: dict[str, Any] = deepcopy(dict(api.get_openapi_schema(path_prefix="/" + PREFIX)))
        for methods in made["paths"].values():
            for operation in methods.values():
                operation["summary"] = str(OPERATIONS[operation["operationId"]])
                operation.pop("description", None)
                for parameter in operation.get("parameters", ()):
                    parameter["description"] = str(PARAMETERS.get(parameter["name"], ""))
    made["servers"] = [{"url": "/"}]
    return made


@anyone
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API."""
    return JsonResponse(schema("en"), headers={"Access-Control-Allow-Origin": "*"})


@anyone
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page that explains the API, made of its description."""
    operations = [
        {
            "path": place,
            "method": method.upper(),
            "summary": operation["summary"],
            "parameters": [_parameter(one) for one in operation.get("parameters", ())],
            "body": "requestBody" in operation,
        }
        for place, methods in schema(language())["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api.html", {"operations": operations})


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    said = one.get("schema", {})
    choices = said.get("enum") or []
    bounds = [str(said[name]) for name in ("minimum", "maximum") if name in said]
    default = said.get("default")
    return {
        "name": one["name"],
        "description": one["description"],
        "required": one.get("required", False),
        "values": ", ".join(map(str, choices)) or "–".join(bounds),
        "default": "" if default in (None, "", []) else str(default).lower() if default is True else str(default),
    }


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address of the API."""
    return problem(404, Problem("api_not_found"))


def _named(pattern: URLPattern) -> URLPattern:
    """A pattern of the API with its prefix, limits and name: ``records/<uid>/holdings`` is ``api-records-holdings``."""
    place = str(pattern.pattern)
    said = [part for part in place.split("/") if "<" not in part]
    name = "-".join(["api", *said, *(["one"] if place.endswith(">") else [])])
    return path(PREFIX + place, anyone(_limited(pattern.callback)), name=name)


urlpatterns = [
    path(PREFIX + "openapi.json", openapi, name="api-openapi"),
    path(PREFIX + "docs", docs, name="api-docs"),
    *{
        str(one.pattern): _named(one) for one in api.urls[0] if isinstance(one, URLPattern) and str(one.pattern)
    }.values(),
    path(PREFIX + "<path:rest>", anyone(_limited(nowhere)), name="api-nowhere"),
]
