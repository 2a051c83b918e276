"""Forms of the mentoring pages."""
