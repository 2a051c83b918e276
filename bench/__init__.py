"""Measures how fast Pespunte is, as ratios to a bare application on the same server in the same run."""
