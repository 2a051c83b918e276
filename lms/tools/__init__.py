"""The calculations that a firm keeps: cost, price, packages, ads, stock and season, each under a name."""
