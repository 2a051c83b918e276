"""What a programme lead and the public read about a cohort's results."""
