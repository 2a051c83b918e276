"""How kinds of letters and their rhythms read."""

from lms.foundation.i18n import gettext as _
from lms.notifications.kinds import Kind, Rhythm

KIND_WORDS = {
    Kind.WORK: lambda: _("Tasks handed in and reviewed"),
    Kind.HELP: lambda: _("Help: questions and answers"),
    Kind.SESSIONS: lambda: _("Sessions and agreements"),
    Kind.MESSAGES: lambda: _("Messages between the firm and its staff"),
    Kind.ANNOUNCEMENTS: lambda: _("Announcements to the group"),
    Kind.REMINDERS: lambda: _("Reminders"),
}

RHYTHM_WORDS = {
    Rhythm.AT_ONCE: lambda: _("At once"),
    Rhythm.DAILY: lambda: _("Once a day, in the morning"),
    Rhythm.NEVER: lambda: _("Only in the page"),
}
