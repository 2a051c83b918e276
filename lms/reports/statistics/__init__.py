"""Statistics of sales before and after: numbers in, frozen results out.

Each result says by which method it was found. Nothing here knows thresholds of privacy: who shows a result
decides from how many firms on. The numeric libraries are imported where they are used, so that a server
that shows no report never loads them.
"""
