"""How an enrolment is doing, and why it needs someone."""
