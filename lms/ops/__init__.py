"""Keeping the house: health, the audit trail, and the demonstration programme."""
