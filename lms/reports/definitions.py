"""What the words of a report mean, and how its numbers are found."""

from lms.foundation.i18n import gettext as _


def definitions() -> list[tuple[str, str]]:
    """What the words mean and how the numbers are found."""
    return [
        (
            _("What it says and what it does not."),
            _("It is an observed change. Who joins a course may have been about to change anyway."),
        ),
        (
            _("A sale"),
            _("Products sold, VAT included, before fees, without cancellations, returns and shipping."),
        ),
        (
            _("Which months."),
            _(
                "Before: the twelve months before the course, frozen when it began. After: the first "
                "three whole months since the end, fixed in advance. The months of the course are in "
                "neither."
            ),
        ),
        (
            _("Change of a firm"),
            _(
                "The mean of its months after over the mean of the same calendar months before; with "
                "fewer than twelve months before, over their mean, and it is said."
            ),
        ),
        (
            _("Typical change"),
            _(
                "First the change of each firm, then the middle: the median, and the Hodges-Lehmann "
                "estimate on logarithms with its interval from the signed-rank distribution."
            ),
        ),
        (
            _("Zeros"),
            _(
                "Who sold nothing before has no percentage and is counted apart. Nothing is added to a "
                "figure to make a percentage of it."
            ),
        ),
        (
            _("Orders, units, online"),
            _(
                "Of the same months as the sales, only where every channel of a month tells them and its "
                "channels add up to what was frozen. Online are marketplaces, the own shop and social "
                "networks."
            ),
        ),
        (
            _("Small groups"),
            _("Fewer than 5 firms: no percentage. From 5: counts and the median. From 10: intervals."),
        ),
        (
            _("Comparison"),
            _(
                "Firms of the same sectors that join a later course of the programme, in the same "
                "months; what they sell from their own start on is left out. Difference in differences "
                "of log sales, errors clustered by firm; ANCOVA with HC2 errors."
            ),
        ),
        (_("Real pesos"), _("Divided by the INPC, only where every month that counts has one.")),
    ]
