"""Files of sales read into one canonical form; each importer is pure and drops what it does not need."""
