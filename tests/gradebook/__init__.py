"""The marks of a cohort and of a firm, the quizzes' analysis, new attempts, and what is excused."""
