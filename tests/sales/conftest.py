"""The firm whose sales are tested, and what was published."""

import pytest

from lms import events
from lms.events import listening
from lms.foundation.db import db
from tests.sales.invoice import RFC


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
