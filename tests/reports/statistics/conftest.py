"""Random data for statistics: times are never asserted, and the oracles are slow when the machine is busy."""

from hypothesis import settings

settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")
