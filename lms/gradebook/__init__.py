"""The marks of a cohort: who passed and handed in what, how its quizzes work, and what is excused."""
