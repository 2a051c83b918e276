"""Reading lessons and answering quizzes."""
