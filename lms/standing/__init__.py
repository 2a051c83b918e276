"""How an enrolment is doing: one answer for the phone, the trainer's list, the certificate and the report."""
