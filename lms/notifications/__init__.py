"""Who is told of what: letters and notices that follow from events."""
