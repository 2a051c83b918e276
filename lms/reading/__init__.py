"""Finding and looking up what one's course says: the search over it, and its words."""
