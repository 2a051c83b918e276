"""Handing in real work, and reviewing it: accepted, or sent back to be handed in again."""
