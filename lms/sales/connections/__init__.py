"""Sales read from a marketplace itself: its clients, a firm's leave and the end of it, reading by month."""
