"""Pespunte, a learning-management system for the digitalization of small manufacturers, as a house.

Roof        serve, app, cli                      put the rooms together
Outer       home, reports, notifications, messages, calendar, gradebook, ops    nobody imports these
Crown       graduation, followups                decides; asks again
Waist       standing                             knows how a firm is doing
Programme   learning, assignments, mentoring, sales, tools, reading
Hub         cohorts                              the enrolment: one firm in one cohort
Entrance    accounts, curriculum                 who; what
Web         guard, forms, templating, security, error pages
Ground      permissions, events; foundation (db, clock, jobs, mail, storage, markdown, money)

Imports run down these stairs, never up and never across a floor.

Glossary: a *programme* convenes; a *cohort* is a course version taught in it from a start date; a *firm* is a
manufacturer, its people are *members*; an *enrolment* is one firm in one cohort; a *brief* asks for real
work,
a *submission* answers it, a *review* accepts it or sends it back; a *figure* is one firm, channel and month
of
sales; a *standing* says how an enrolment is doing; a *decision* is the graduation record.
"""
