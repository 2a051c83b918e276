"""Who takes what, when and with whom: programmes, cohorts and the enrolment that everything hangs on."""
