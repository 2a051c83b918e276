"""What one may say of the letters one gets."""

from collections.abc import Collection, Mapping

from wtforms import RadioField

from lms.notifications.kinds import Kind, Rhythm
from lms.notifications.words import KIND_WORDS, RHYTHM_WORDS
from lms.web.forms import Form


class PreferencesForm(Form):
    """One rhythm for each kind of letter that this person is ever sent."""

    work = RadioField(coerce=Rhythm)
    help = RadioField(coerce=Rhythm)
    sessions = RadioField(coerce=Rhythm)
    messages = RadioField(coerce=Rhythm)
    announcements = RadioField(coerce=Rhythm)
    reminders = RadioField(coerce=Rhythm)

    def __init__(self, kinds: Collection[Kind], chosen: Mapping[Kind, Rhythm]):
        super().__init__(data=chosen)
        for kind in Kind:
            if kind not in kinds:
                del self[kind]
                continue
            self[kind].label.text = KIND_WORDS[kind]()
            self[kind].choices = [(rhythm.value, words()) for rhythm, words in RHYTHM_WORDS.items()]
