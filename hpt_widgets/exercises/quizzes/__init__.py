"""The questions of the quizzes, one module a chapter: ``CHAPTER`` and ``QUESTIONS``."""
