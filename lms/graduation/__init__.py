"""The decision who graduates, by rules that were shown from day one, and the certificate that follows from
it."""
