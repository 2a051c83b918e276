"""How long to wait before a marketplace that is busy is asked again."""

FIRST = 30  # seconds; twice as long each time
LONGEST = 3600
MOST_TRIES = 7


def wait_before(tries: int, said: int | None, chance: float) -> int:
    """Seconds before the next try after so many that failed; never sooner than the marketplace said.

    `chance`, from 0 to 1, spreads those who were told to wait at the same moment by a quarter.
    """
    wanted = max(said or 0, min(FIRST * 2 ** (tries - 1), LONGEST))
    return int(wanted * (1 + 0.25 * chance))
