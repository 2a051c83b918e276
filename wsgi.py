"""The application for a WSGI server and for the `flask` command."""

from config import Config
from lms import cli
from lms.app import create_app

app = create_app(Config.from_environ())
cli.register(app)
