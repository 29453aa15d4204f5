"""The description of the API: openapi.json for programs, a plain list for people, without script or foreign server."""

from typing import Any

from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from markupsafe import Markup

PATH = "/api/docs"
ROW = Markup("<dt><code>{method} {path}</code></dt><dd>{text}{parameters}</dd>")
PAGE = Markup(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kingpost API</title>'
    '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/kingpost.css"></head>'
    "<body><main><h1>Kingpost API {version}</h1>"
    '<p>Send <code>Authorization: Bearer</code> with a token from <a href="/settings">your settings</a>. '
    'All fields and answers: <a href="{json}">openapi.json</a>, for any OpenAPI tool.</p><dl>{rows}</dl>'
    "</main></body></html>"
)


class PlainList(OpenAPIRenderPlugin):
    """Every route with what it does and takes, as plain HTML."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        rows = Markup("").join(
            ROW.format(method=method.upper(), path=path, text=_text(operation), parameters=_parameters(operation))
            for path, operations in sorted(openapi_schema["paths"].items())
            for method, operation in operations.items()
            if isinstance(operation, dict) and "operationId" in operation
        )
        json = self.get_openapi_json_route(request)
        return PAGE.format(version=openapi_schema["info"]["version"], json=json, rows=rows).encode()


def description(version: str) -> OpenAPIConfig:
    """What Litestar needs to describe the API."""
    token = SecurityScheme(type="http", scheme="bearer", description="A personal token, made on the settings page.")
    return OpenAPIConfig(
        title="Kingpost",
        version=version,
        path=PATH,
        use_handler_docstrings=True,
        components=Components(security_schemes={"token": token}),
        security=[{"token": []}],
        render_plugins=[PlainList(path="/"), JsonRenderPlugin(path="/openapi.json")],
    )


def _text(operation: dict[str, Any]) -> str:
    return str(operation.get("description") or operation.get("summary") or "")


def _parameters(operation: dict[str, Any]) -> str:
    names = [each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query"]
    return f" ({', '.join(names)})" if names else ""
