"""Pages to enter and to leave, for the people of a firm, and for who keeps the list of people."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from lms.accounts.views import entry, firm, passkeys, people, phones  # noqa: E402, F401 (they put their routes on bp)
