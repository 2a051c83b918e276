"""The firm whose sales are tested, and what was published."""

import pytest

from lms import events
from lms.events import listening
from lms.foundation.db import db
from tests.sales.invoice import RFC
from tests.sales.marketplace_server import TOKEN, marketplace, order


@pytest.fixture
def enrolment(cast):
    cast.firm.rfc = RFC
    db.session.flush()
    return cast.enrolment


@pytest.fixture
def heard(app):
    """What was published, with whoever listens in the house left out."""
    tables, said = list(listening._tables), []
    events.listen({events.Event: [said.append]})
    yield said
    events.listen(*tables)


@pytest.fixture
def there(app, monkeypatch):
    """A marketplace that listens where the settings say."""
    with marketplace() as script:
        for name, path in (
            ("MERCADO_LIBRE_API", ""), ("AMAZON_API", ""), ("AMAZON_TOKEN", TOKEN),
            ("MERCADO_LIBRE_SIGN_IN", "/authorization"),
        ):  # fmt: skip
            monkeypatch.setitem(app.config, name, script.address + path)
        script.orders = [
            order(1, "2026-08-20T12:00:00.000-04:00", 100),
            order(2, "2026-09-10T12:00:00.000-04:00", 250.5),
        ]
        yield script


@pytest.fixture
def at_phone(cast, browser):
    return browser(cast.owner)
