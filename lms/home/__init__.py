"""One page per role that says what to do now."""
