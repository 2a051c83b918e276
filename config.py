"""The settings of one installation: complete, or the program refuses to start and names what is missing."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent


class Incomplete(Exception):
    """Settings are missing or contradict each other; the message names each."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Read once at start. `SITE_URL` is the address people use; with https, cookies travel over TLS only."""

    SECRET_KEY: str
    DATA_DIR: Path
    SQLALCHEMY_DATABASE_URI: str
    SITE_NAME: str = "Pespunte"
    SITE_URL: str = ""
    MAIL_URL: str = "console:"
    MAIL_FROM: str = "Pespunte <avisos@localhost>"
    DEMO: bool = False
    TESTING: bool = False
    CLAIM_HOURS: int = 24
    # Connections with marketplaces: without an id of ours there, and all that goes with it, none is offered.
    MERCADO_LIBRE_CLIENT_ID: str = ""
    MERCADO_LIBRE_CLIENT_SECRET: str = field(default="", repr=False)
    MERCADO_LIBRE_SIGN_IN: str = ""
    MERCADO_LIBRE_API: str = "https://api.mercadolibre.com"
    AMAZON_CLIENT_ID: str = ""
    AMAZON_CLIENT_SECRET: str = field(default="", repr=False)
    AMAZON_APPLICATION_ID: str = ""
    AMAZON_SIGN_IN: str = ""
    AMAZON_TOKEN: str = ""
    AMAZON_API: str = ""
    AMAZON_MARKETPLACE: str = "A1AM78C64UM0Y8"
    BABEL_DEFAULT_LOCALE: str = "es_MX"
    MAX_CONTENT_LENGTH: int = 64 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE: int = 2 * 1024 * 1024
    MAX_FORM_PARTS: int = 2000
    WTF_CSRF_TIME_LIMIT: int | None = None

    @property
    def BUILD_DIR(self) -> Path:  # noqa: N802 (the app's settings are upper case)
        return self.DATA_DIR / "build"

    @property
    def UPLOADS_DIR(self) -> Path:  # noqa: N802
        return self.DATA_DIR / "files"

    @property
    def IS_HTTPS(self) -> bool:  # noqa: N802
        return self.SITE_URL.startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Settings from environment variables (README lists them). Raises Incomplete."""
        data_dir = Path(environ.get("DATA_DIR") or HERE / "instance").resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        url = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'pespunte.db'}"
        chosen: dict[str, Any] = {
            name: environ[name]
            for name in ("SITE_NAME", "SITE_URL", "MAIL_URL", "MAIL_FROM", *_of_marketplaces())
            if environ.get(name)
        }
        config = cls(
            SECRET_KEY=environ.get("SECRET_KEY") or _kept_secret(data_dir),
            DATA_DIR=data_dir,
            SQLALCHEMY_DATABASE_URI=url.replace("postgresql://", "postgresql+psycopg://", 1),
            DEMO=environ.get("DEMO", "") == "1" or (data_dir / "demo").exists(),
            **chosen,
        )
        config.check(environ)
        return config

    def check(self, environ: Mapping[str, str]) -> None:
        """A public installation must be able to send mail, under its own name and address."""
        missing = [name for name in ("MAIL_URL", "MAIL_FROM") if self.IS_HTTPS and not environ.get(name)]
        if len(self.SECRET_KEY) < 16:
            missing.append("SECRET_KEY (at least 16 characters)")
        missing += self._marketplaces_missing()
        if missing:
            raise Incomplete(f"Set these before serving {self.SITE_URL or 'this site'}: {', '.join(missing)}")

    def _marketplaces_missing(self) -> list[str]:
        """A marketplace is set up whole or not at all; secrets go to encrypted addresses only."""
        wrong = []
        for place in MARKETPLACES:
            names = [name for name in _of_marketplaces() if name.startswith(place)]
            if not getattr(self, f"{place}_CLIENT_ID"):
                continue
            wrong += [name for name in names if not getattr(self, name)]
            addresses = (name for name in names if name.endswith(("_SIGN_IN", "_TOKEN", "_API")))
            wrong += [
                f"{name} (an https address)"
                for name in addresses
                if getattr(self, name) and not _is_safe(getattr(self, name))
            ]
        return wrong


MARKETPLACES = ("MERCADO_LIBRE", "AMAZON")


def _of_marketplaces() -> tuple[str, ...]:
    return tuple(one.name for one in fields(Config) if one.name.startswith(MARKETPLACES))


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or is_here)


def _kept_secret(data_dir: Path) -> str:
    """The secret of this installation: made once and kept, so that a restart signs nobody out."""
    path = data_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as stream:
        secret = secrets.token_hex(32)
        stream.write(secret)
    return secret
