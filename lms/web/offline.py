"""What a browser needs to keep the house on a phone: service worker, manifest, and whose an answer is."""

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app
from flask_login import current_user

from lms.foundation.i18n import gettext as _
from lms.web.assets import join_worker

OFFLINE_PAGE = "/offline"
ICONS = (
    ("img/icono-192.png", "192x192", "any"),
    ("img/icono-512.png", "512x512", "any"),
    ("img/icono-512-lleno.png", "512x512", "maskable"),
)
INDIGO, PAPER = "#253380", "#FAF7F1"


def init_app(app: Flask) -> None:
    """Say on every answer whose it is: the worker keeps the pages of several people of one phone apart."""

    @app.after_request
    def name_person(response: Response) -> Response:
        if current_user.is_authenticated:
            response.headers["Person"] = str(current_user.id)
        return response


def worker() -> str:
    """The worker with the addresses that it keeps from its first day; new assets make it a new worker."""
    asset = current_app.extensions["asset"]
    assets = [asset(name) for name in ("css", "js", "lesson", "task", "member", "img/icono.svg")]
    head = f"const ASSETS = {json.dumps(assets)};\nconst OFFLINE = {json.dumps(OFFLINE_PAGE)};\n"
    return head + join_worker(Path(current_app.root_path) / "static")


def manifest() -> dict[str, Any]:
    """Name, colours and icons for the home screen (W3C Web Application Manifest)."""
    asset, name = current_app.extensions["asset"], current_app.config["SITE_NAME"]
    return {
        "name": name,
        "short_name": name,
        "description": _("Your course, your tasks and your sales, also without a connection."),
        "lang": "es-MX",
        "id": "/",
        "start_url": "/home",
        "scope": "/",
        "display": "standalone",
        "theme_color": INDIGO,
        "background_color": PAPER,
        "icons": [
            {"src": asset(file), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for file, sizes, purpose in ICONS
        ],
    }
