"""Programmes, cohorts, enrolments, invitations of firms."""
