"""What a firm and its staff write to each other, and what a cohort is told."""
