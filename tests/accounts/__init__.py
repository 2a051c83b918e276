"""Entering, leaving, and the people of firms and of the house."""
