"""Decisions, certificates, and the pages of both."""
