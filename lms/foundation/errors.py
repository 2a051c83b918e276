"""What the rules of the programme may answer instead of doing as asked."""


class Refused(Exception):
    """A rule forbids this; the message is written for the person who asked."""


class Gone(Exception):
    """An invitation, link or code that is wrong, used, expired or somebody else's: all answer alike."""
