"""What a reader is asked before a run: a number, a choice or a curve, chapter by chapter.

How to add a prediction
-----------------------
1. ``chapter_04_1.toml`` has those of chapter 4.1 in the order in which they are asked, in both
   languages: a table ``[[predictions]]`` with an ``id`` (``"4.1-limit"``), a ``question``, and
   one of ``number``, ``choices`` and ``curve``. `hpt_widgets.exercises.predictions.prediction_file`
   says what each holds. Say in ``meaning`` what a reader believed who was too low or too high.
2. In both notebooks, before the run: ``hpt.prediction("4.1-limit")``. After it, as the last line
   of its cell or in one of its own: ``hpt.outcome("4.1-limit", …)`` with what came out.
"""
