"""Tests of mentoring: help, sessions, notes, agreements, practices."""
