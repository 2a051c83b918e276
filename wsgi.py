"""The application for a WSGI server and for the `flask` command."""

import gc

# All that is imported here stays: to look through it for garbage meanwhile takes a sixth of a start.
gc.disable()

from config import Config
from lms import cli
from lms.app import create_app

app = create_app(Config.from_environ())
cli.register(app)

gc.freeze()
gc.enable()
