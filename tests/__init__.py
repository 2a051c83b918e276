"""The tests of the house; tests/README.md says how we test."""
