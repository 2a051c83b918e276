"""After the course: a form of one minute three, six and twelve months later, and who answered it."""
