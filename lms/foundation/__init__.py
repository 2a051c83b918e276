"""Plumbing that knows nothing of the programme: database, clock, jobs, mail, files, Markdown, money."""
