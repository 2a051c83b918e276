"""Tests of letters and notices."""
