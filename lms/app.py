"""create_app: the rooms put together."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_babel import Babel
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.routing import Rule

from lms import events
from lms.accounts import own as accounts_own
from lms.accounts import views as accounts
from lms.accounts.person import Person, person
from lms.assignments import own as assignments_own
from lms.assignments import views as assignments
from lms.calendar import views as calendar
from lms.cohorts import own as cohorts_own
from lms.cohorts import views as cohorts
from lms.cohorts.services import reach_of
from lms.curriculum import views as curriculum
from lms.followups import handlers as followups_handlers
from lms.followups import views as followups
from lms.foundation import clock, db, log, mail, own_data, storage
from lms.foundation.i18n import compile_catalogues
from lms.gradebook import views as gradebook
from lms.graduation import views as graduation
from lms.home import views as home
from lms.learning import own as learning_own
from lms.learning import views as learning
from lms.mentoring import own as mentoring_own
from lms.mentoring import views as mentoring
from lms.messages import handlers as messages_handlers
from lms.messages import own as messages_own
from lms.messages import views as messages
from lms.notifications import handlers
from lms.notifications import views as notifications
from lms.ops import audit
from lms.ops import views as ops
from lms.permissions import Role
from lms.reading import views as reading
from lms.reports import handlers as reports_handlers
from lms.reports import views as reports
from lms.sales import handlers as sales_handlers
from lms.sales import own as sales_own
from lms.sales import views as sales
from lms.tools import views as tools
from lms.web import (
    assets,
    compression,
    error_pages,
    form_keys,
    guard,
    navigation,
    offline,
    replays,
    security,
    templating,
    wording,
)

ROOMS = (
    home,
    accounts,
    cohorts,
    curriculum,
    learning,
    reading,
    assignments,
    mentoring,
    sales,
    tools,
    graduation,
    followups,
    notifications,
    messages,
    calendar,
    gradebook,
    reports,
    ops,
)


class Sessions(SecureCookieSessionInterface):
    """What reads and signs the cookies is made once, where Flask makes it twice for each request."""

    def get_signing_serializer(self, app: Flask) -> Any:
        if "cookie_signer" not in app.extensions:
            app.extensions["cookie_signer"] = super().get_signing_serializer(app)
        return app.extensions["cookie_signer"]


class Address(Rule):
    """Compiles how it is put together when a page first links to it: with hundreds of them, half of what
    building the house would take."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        compile_now = cache(partial(super()._compile_builder, append_unknown))
        return lambda rule, *values, **more: compile_now()(rule, *values, **more)


class House(Flask):
    """Flask that does not ask, for a score of functions at every request, whether they are coroutines."""

    url_rule_class = Address
    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


LOCALES = ("es_MX", "en")
LONGEST_SESSION = {Role.MEMBER: timedelta(days=30)}
LONGEST_STAFF_SESSION = timedelta(hours=12)


def create_app(config) -> Flask:
    """The whole house for one set of settings (see config.Config)."""
    app = House("lms", static_folder=None, instance_path=str(config.DATA_DIR))
    app.config.from_object(config)
    log.configure(readable=config.TESTING)

    # First, because the template settings hold only until somebody asks for the templates.
    templating.init_app(app, [room.bp.name for room in ROOMS])
    _prepare_sessions(app, config)
    compression.init_app(app)  # first, so that it sees what all others made of an answer
    replays.init_app(app)
    db.init_app(app)
    form_keys.init_app(app)
    csrf = CSRFProtect(app)
    app.extensions["mailer"] = mail.mailer_for(config.MAIL_URL, config.MAIL_FROM)
    app.extensions["storage"] = storage.FolderStorage(config.UPLOADS_DIR)
    _prepare_languages(app, config)
    assets.init_app(app)
    security.init_app(app)
    error_pages.init_app(app)
    offline.init_app(app)

    for room in ROOMS:
        app.register_blueprint(room.bp)
    # Mail programs stop letters by one POST that holds no token of ours; the address itself is the secret.
    csrf.exempt(notifications.stop_letters)
    tables = (handlers, sales_handlers, followups_handlers, reports_handlers, messages_handlers, audit)
    events.listen(*(room.HANDLERS for room in tables))
    told = (accounts_own, cohorts_own, learning_own, assignments_own, mentoring_own, sales_own, messages_own)
    own_data.init_app(app, *(room.TELLS for room in told))
    guard.check_every_route(app)
    return app


def _prepare_sessions(app: Flask, config) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if config.IS_HTTPS else "session",
        SESSION_COOKIE_SECURE=config.IS_HTTPS,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    login = LoginManager(app)
    login.login_view = "accounts.sign_in"
    login.login_message = None
    login.session_protection = None
    login.user_loader(_who_is_there)


def _who_is_there(key: str) -> Person | None:
    """The person whose session this is, unless they were suspended, signed out everywhere, or it is too
    old."""
    user_id, _, epoch = key.partition(".")
    if not (user_id.isdigit() and epoch.isdigit()):
        return None
    found = person(int(user_id), epoch=int(epoch), firm_id=session.get("firm_id"), key=session.get("key"))
    if found is None or _is_too_old(found.role):
        return None
    if found.role is Role.MEMBER:
        return found
    cohort_ids, programme_ids = reach_of(found)
    return found.reaching(cohort_ids=cohort_ids, programme_ids=programme_ids)


def _is_too_old(role: Role) -> bool:
    since = session.get("since")
    if since is None:
        return True
    return clock.now() - datetime.fromisoformat(since) > LONGEST_SESSION.get(role, LONGEST_STAFF_SESSION)


def _prepare_languages(app: Flask, config) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compile_catalogues(config.BUILD_DIR))
    Babel(app, locale_selector=_locale)
    wording.init_app(app)

    @app.context_processor
    def words() -> dict:
        signed_in = current_user.is_authenticated
        return {
            "me": current_user._get_current_object() if signed_in else None,
            "navigation_entries": _menu,
            "language": _locale().replace("_", "-"),
            "demo": config.DEMO,
        }


def _menu() -> list[dict]:
    if not current_user.is_authenticated:
        return []
    has_firm = current_user.firm_id is not None
    return navigation.entries(current_user.role, has_firm=has_firm, unread=current_user.unread)


def _locale() -> str:
    """The person's own language, else the one chosen in this browser, else Spanish."""
    if not has_request_context():
        return LOCALES[0]
    if "locale" not in g:
        chosen = current_user.locale if current_user and current_user.is_authenticated else None
        chosen = chosen or request.cookies.get("idioma")
        g.locale = chosen if chosen in LOCALES else LOCALES[0]
    return g.locale
