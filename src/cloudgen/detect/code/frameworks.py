"""What frameworks call their application objects, and what is put around them."""

from __future__ import annotations

import re
from typing import Literal

Interface = Literal["asgi", "wsgi"]

FRAMEWORKS: dict[str, Interface] = {
    "fastapi.FastAPI": "asgi",
    "fastapi.applications.FastAPI": "asgi",
    "fastapi_offline.FastAPIOffline": "asgi",
    "starlette.applications.Starlette": "asgi",
    "litestar.Litestar": "asgi",
    "litestar.app.Litestar": "asgi",
    "starlite.Starlite": "asgi",
    "esmerald.Esmerald": "asgi",
    "quart.Quart": "asgi",
    "quart_trio.QuartTrio": "asgi",
    "sanic.Sanic": "asgi",
    "blacksheep.Application": "asgi",
    "blacksheep.server.Application": "asgi",
    "responder.API": "asgi",
    "falcon.asgi.App": "asgi",
    "django.core.asgi.get_asgi_application": "asgi",
    "channels.routing.ProtocolTypeRouter": "asgi",
    "channels.routing.get_default_application": "asgi",
    "channels.asgi.get_channel_layer": "asgi",
    "connexion.AsyncApp": "asgi",
    "connexion.FlaskApp": "asgi",
    "socketio.ASGIApp": "asgi",
    "a2wsgi.WSGIMiddleware": "asgi",
    "asgiref.wsgi.WsgiToAsgi": "asgi",
    "uvicorn.middleware.wsgi.WSGIMiddleware": "asgi",
    "a2wsgi.ASGIMiddleware": "wsgi",
    "socketio.WSGIApp": "wsgi",
    "falcon.App": "wsgi",
    "falcon.API": "wsgi",
    "flask.Flask": "wsgi",
    "flask.app.Flask": "wsgi",
    "apiflask.APIFlask": "wsgi",
    "flask_openapi3.OpenAPI": "wsgi",
    "flask_api.FlaskAPI": "wsgi",
    "bottle.Bottle": "wsgi",
    "bottle.default_app": "wsgi",
    "bottle.app": "wsgi",
    "django.core.wsgi.get_wsgi_application": "wsgi",
    "django.core.handlers.wsgi.WSGIHandler": "wsgi",
    "cherrypy.Application": "wsgi",
    "cherrypy.tree.mount": "wsgi",
    "webapp2.WSGIApplication": "wsgi",
    "pecan.make_app": "wsgi",
    "werkzeug.middleware.dispatcher.DispatcherMiddleware": "wsgi",
    "whitenoise.WhiteNoise": "wsgi",
}
"""Full name of what makes an application -> what it speaks."""

METHODS: dict[str, Interface] = {
    "make_wsgi_app": "wsgi",
    "http_app": "asgi",
    "streamable_http_app": "asgi",
    "sse_app": "asgi",
}
"""Methods that make one: Pyramid's configurator, FastMCP."""

OWN_SERVERS: dict[str, str] = {
    "aiohttp.web.Application": "aiohttp",
    "tornado.web.Application": "Tornado",
    "robyn.Robyn": "Robyn",
    "nicegui.ui.run": "NiceGUI",
    "streamlit": "Streamlit",
    "gradio.Blocks": "Gradio",
}
"""Frameworks that speak neither ASGI nor WSGI: they need a `command` that starts them."""

WRAPPER = re.compile(
    r"middleware|whitenoise|proxyfix|sentry|cors|wrap|newrelic|wsgi|asgi|instrument|dispatcher|honeycomb|app$",
    re.IGNORECASE,
)
"""Names of what takes an application and gives one back."""

MARKER = re.compile(
    rb"FastAPI|Flask|Quart|Starlette|Starlite|Litestar|Esmerald|Sanic|aiohttp|falcon|get_[aw]sgi_application|ProtocolTypeRouter"
    rb"|get_default_application|[Bb]ottle|make_wsgi_app|tornado|blacksheep|connexion|socketio|WSGIHandler|cherrypy|webapp2"
    rb"|FastMCP|nicegui|robyn|responder|[Aa]2[Ww]sgi|WsgiToAsgi|pecan|OpenAPI|WSGIMiddleware"
)
"""Bytes without one of which a file makes no application."""
