"""Every chapter is a finished lesson, stored as a reader should find it."""

from __future__ import annotations

import ast
import io
import re
import tokenize

import editions
import pytest
from editions import codes, headings, label, read, texts
from measured import measured

import hpt_widgets as hpt
from benchmarks import tuning_pays
from hpt_widgets.data.fingerprint import splits_fingerprint
from hpt_widgets.exercises import all_exercises, all_quizzes
from hpt_widgets.exercises.chapters import chapter_06
from hpt_widgets.exercises.predictions.catalog import all_predictions, chapter_of
from tools.execute_notebooks import LIMIT, WIDGET_VIEW
from tools.write_starters import CHECK, starter_cells, write_starters

FILES = editions.files()
MAXIMUM_LINES = 15
MINIMUM_EXERCISES = 3
QUIZ = re.compile(r'hpt\.quiz\("([^"]+)"\)')
# A place of somebody's machine: a Unix or a Windows path to a home or a temporary folder.
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|Users|root|tmp|work|private|var)/|[A-Z]:\\\\")

SECTIONS = {
    "en": ("What you will be able to do", "Time needed", "Exercises", "Take-away", "Quiz"),
    "zh": ("学习目标", "所需时间", "练习", "小结", "小测验"),
}
PROJECT_STEPS = {
    "en": (
        *("What you will be able to do", "Time needed", "How it is judged", "Data", "Question"),
        *("Budget", "Baseline", "Search", "Comparison", "Choice", "Test", "Interval", "Report"),
        "Take-away",
    ),
    "zh": (
        *("学习目标", "所需时间", "评判标准", "数据", "问题", "预算", "基线", "搜索"),
        *("比较", "选定", "测试", "区间", "报告", "小结"),
    ),
}
EXERCISE_ID = re.compile(r"(?<![\w.])\d(?:\.\d)?-[a-z](?!\w)")
EXPLAINS = {"en": "<summary><b>Explain.</b>", "zh": "<summary><b>解释。</b>"}
ASKED = re.compile(r'hpt\.prediction\("([^"]+)"\)')
CAME_OUT = re.compile(r'hpt\.outcome\("([^"]+)"')

LESSONS = [path for path in FILES if path.stem not in editions.PROJECTS]
BLANKS = [path for path in FILES if path.stem in editions.PROJECTS]
every_notebook = pytest.mark.parametrize("path", FILES, ids=label)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=label)


@every_lesson
def test_the_sections_of_a_lesson_stand_in_their_order(path):
    wanted = SECTIONS[path.parent.name]
    found = [words for level, words in headings(read(path)) if level == 2 and words in wanted]
    assert tuple(found) == wanted


@pytest.mark.parametrize("path", BLANKS, ids=label)
def test_a_project_has_its_steps_and_is_left_to_the_reader(path):
    notebook = read(path)
    assert (
        tuple(w for level, w in headings(notebook) if level == 2) == PROJECT_STEPS[path.parent.name]
    )
    blank = [cell for cell in codes(notebook) if re.fullmatch(r"\w+ = \.\.\.", cell.source)]
    assert len(blank) >= 12
    called = set(re.findall(r"`(?:\w+ = )?(?:project|hpt)\.(\w+)", "\n".join(all_texts(notebook))))
    assert {"Project", "train", "search", "compare", "choose", "open_test", "claim"} <= called
    assert all(hasattr(hpt.Project, name) or hasattr(hpt, name) for name in called)


def all_texts(notebook):
    return [cell.source for cell in texts(notebook)]


@every_notebook
def test_there_is_one_title_and_it_comes_first(path):
    outline = headings(read(path))
    assert [level for level, _ in outline].index(1) == 0
    assert sum(level == 1 for level, _ in outline) == 1


def story_of(notebook, language):
    """Return what happens in a lesson, in order: ask:id, run, outcome:id and explain."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from ("explain" for _ in range(cell.source.count(EXPLAINS[language])))
            continue
        asked, came_out = ASKED.findall(cell.source), CAME_OUT.findall(cell.source)
        # An outcome may stand in the cell that it comes out of.
        if not asked and cell.source != f'hpt.outcome("{"".join(came_out)}")':
            yield "run"
        yield from (f"ask:{name}" for name in asked)
        yield from (f"outcome:{name}" for name in came_out)


@every_lesson
def test_each_prediction_is_asked_run_compared_and_explained(path):
    """And the next one is asked only then."""
    moves = list(story_of(read(path), path.parent.name))
    asked = [move.partition(":")[2] for move in moves if move.startswith("ask")]
    chapter = headings(read(path))[0][1].split()[0]
    assert asked == [name for name in all_predictions() if chapter_of(name) == chapter]
    story = f" {' '.join(moves)} "
    for name in asked:
        assert re.search(rf" ask:{name} (run )+outcome:{name} (run )*explain ", story), name
    assert [move for move in moves if move.startswith("outcome")] == [f"outcome:{n}" for n in asked]
    assert moves.count("explain") == len(asked)


@every_lesson
def test_no_prediction_is_left_in_the_text_and_no_explanation_open(path):
    for cell in texts(read(path)):
        assert not re.search(r"\*\*(Predict\.|Explain\.|预测。|解释。)\*\*", cell.source), cell.id


@every_lesson
def test_what_is_folded_can_be_opened_and_ends(path):
    """A blank line behind the summary and before the end: else Markdown stays as it was typed."""
    for cell in texts(read(path)):
        folds = re.findall(
            r"(?:^|\n)<details>\n<summary><b>[^<]+</b>[^<\n]+</summary>\n\n.+?\n\n</details>(?:\n|$)",
            cell.source,
            re.DOTALL,
        )
        assert len(folds) == cell.source.count("<details>") == cell.source.count("</details>")


@every_lesson
def test_a_lab_is_shown_before_it_is_set(path):
    """Else its output is blank while it works, and what stands below gives the result away."""
    for cell in codes(read(path)):
        for name in re.findall(
            r"^(\w+) = hpt\.(?:Training|Search|Sweep|RangeTest)Lab\(", cell.source, re.M
        ):
            if re.search(rf"^ *{name}\.(set|wait|start|run)\(", cell.source, re.MULTILINE):
                shown = re.search(rf"^{name}\.show\(\)$", cell.source, re.MULTILINE)
                assert shown, cell.id
                before = cell.source[: shown.start()]
                assert not re.search(rf"{name}\.(set|wait|start|run)\(", before)


@every_notebook
def test_cells_are_short(path):
    long = [cell.id for cell in codes(read(path)) if len(cell.source.splitlines()) > MAXIMUM_LINES]
    assert long == []


@every_notebook
def test_code_cells_hold_no_comments_and_print_no_prose(path):
    for cell in codes(read(path)):
        tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
        assert not [t.string for t in tokens if t.type == tokenize.COMMENT], cell.id
        assert prose_of(cell.source) == [], cell.id


def prose_of(source):
    """Return the texts of several words in a cell: the two editions could not share them."""
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(re.findall(r"[A-Za-z]{2,}", node.value)) > 2
    ]


def test_prose_is_found_and_names_are_not():
    assert prose_of('print("the loss is low")')
    assert prose_of('"""A docstring of words."""')
    assert not prose_of('hpt.check("2-a", kinds)\nrun = {"learning_rate": "training"}')


def how_to_run(path):
    """Say what runs a notebook in both editions and stores the outputs."""
    return f'run: make notebooks NOTEBOOKS="notebooks/en/{path.name} notebooks/zh/{path.name}"'


@every_notebook
def test_it_is_stored_executed_and_in_order(path):
    cells = codes(read(path))
    disordered = [c.id for place, c in enumerate(cells, start=1) if c.execution_count != place]
    assert not disordered, (
        f"{label(path)}: not run, or not in order, from cell {disordered[0]} on; {how_to_run(path)}"
    )


@every_notebook
def test_what_is_stored_holds_no_widget_state_no_complaint_and_no_machine(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    for cell in codes(notebook):
        for output in cell.outputs:
            assert output.get("name") != "stderr", cell.id
            assert WIDGET_VIEW not in output.get("data", {}), cell.id
            words = [text for kind, text in output.get("data", {}).items() if "image" not in kind]
            found = "\n".join([str(output.get("text", "")), *map(str, words)])
            assert not MACHINE_PATH.search(found), cell.id


@every_notebook
def test_a_lab_is_stored_with_its_picture(path):
    for cell in codes(read(path)):
        for output in cell.outputs:
            data = output.get("data", {})
            if re.fullmatch(r"<\w+Lab>", data.get("text/plain", "")):
                assert data.get("image/png"), cell.id


@every_notebook
def test_a_figure_is_stored_as_a_picture(path):
    for cell in codes(read(path)):
        for output in cell.outputs:
            data = output.get("data", {})
            if re.match(r"<\w+ size \d+x\d+", data.get("text/plain", "")):
                assert data.get("image/png"), cell.id


@every_notebook
def test_it_is_small_enough(path):
    assert path.stat().st_size < LIMIT


@every_lesson
def test_exercises_stand_as_they_were_made(path):
    """The cell above each check holds the exercise's starter, and nothing is forgotten."""
    cells = read(path).cells
    found = list(starter_cells(read(path)))
    for cell, exercise in found:
        assert cell.source == exercise.starter, "run: python -m tools.write_starters"
        place = cells.index(cell)
        assert CHECK.fullmatch(cells[place + 1].source)[2] == exercise.answer_name
        # A picture may stand between the task and the cell.
        task = next(c for c in reversed(cells[:place]) if c.cell_type == "markdown")
        shown = [c.source for c in cells[cells.index(task) + 1 : place]]
        assert shown == [f'hpt.picture("{exercise.id}")'] * bool(exercise.charts)
        assert re.search(rf"^### {re.escape(exercise.id)} ", task.source, re.MULTILINE)
    exercises = [exercise for _, exercise in found]
    chapters = {exercise.chapter for exercise in exercises}
    current = [e for e in all_exercises().values() if not e.retired and e.chapter in chapters]
    missing = [f'hpt.check("{e.id}", {e.answer_name})' for e in current if e not in exercises]
    assert not missing, f"{label(path)}: no cell {', '.join(missing)}"
    order, wanted = [e.id for e in exercises], [e.id for e in current]
    assert order == wanted, f"{label(path)}: the exercises are to stand in the order of their file"
    assert len(wanted) >= MINIMUM_EXERCISES, f"{label(path)}: too few exercises"


def test_a_starter_that_differs_is_written_anew(tmp_path):
    path = tmp_path / "chapter.ipynb"
    path.write_bytes(FILES[0].read_bytes())
    assert write_starters(path) == []
    assert path.read_bytes() == FILES[0].read_bytes()
    notebook = editions.nbformat.read(path, as_version=4)
    (cell, exercise), *_ = starter_cells(notebook)
    cell.source = "answer = 1"
    editions.nbformat.write(notebook, path)
    assert write_starters(path) == [exercise.id]
    assert path.read_bytes() == FILES[0].read_bytes()


@every_notebook
def test_no_text_sends_a_reader_to_an_exercise_that_is_gone(path):
    named = {name for cell in texts(read(path)) for name in EXERCISE_ID.findall(cell.source)}
    assert named <= {name for name, found in all_exercises().items() if not found.retired}


@every_notebook
def test_no_answer_is_stored_as_given(path):
    for cell in codes(read(path)):
        if match := CHECK.fullmatch(cell.source):
            assert len(cell.outputs) == 1, f"{label(path)}: {cell.id} isn't run; {how_to_run(path)}"
            (output,) = cell.outputs
            assert output.data["text/plain"].startswith(f"… {match[1]}"), cell.id


@every_lesson
def test_it_ends_with_the_chapters_own_quiz(path):
    found = [name for cell in codes(read(path)) for name in QUIZ.findall(cell.source)]
    title = headings(read(path))[0][1]
    assert found == [title.split()[0]]
    assert found[0] in all_quizzes()


@every_notebook
def test_markdown_is_in_paragraphs_that_can_be_read(path):
    """No wall of text: a cell that is not a table has at most so many characters."""
    limit = 1600 if path.parent.name == "en" else 800
    for cell in texts(read(path)):
        plain = [line for line in cell.source.splitlines() if not line.startswith("|")]
        assert len("\n".join(plain)) <= limit, cell.id


@pytest.mark.parametrize("language", SECTIONS)
def test_what_chapter_6_says_of_a_cluster_is_what_was_measured(language):
    (path,) = (path for path in FILES if path.match(f"{language}/06-*"))
    text = "\n".join(cell.source for cell in texts(read(path)))
    for who in ("this process", "one worker", "two workers"):
        rates = [measured(f"{size} digits: {who}") for size in ("5,000", "50,000")]
        assert f" | {' | '.join(rates)} |" in text
    for n in (8, 32):
        rates = [measured(f"simulated, {method}: {n} workers") for method in ("random", "TPE")]
        assert f" | {' | '.join(rates)} | " in text
    seconds = float(measured("50,000 digits: a trial on two workers"))
    assert f"{seconds:.2f} {'s against' if language == 'en' else '秒对'}" in text


@pytest.mark.parametrize("language", SECTIONS)
def test_the_searches_that_chapter_6_compares_were_stored_with_workers(language):
    """Without Dask a search would be compared with itself."""
    (path,) = (path for path in FILES if path.match(f"{language}/06-*"))
    (stored,) = (cell.outputs for cell in read(path).cells if cell.id == "cluster-run")
    assert re.search(r"Dask [\d.]+", stored[0].text)


@pytest.mark.parametrize("language", SECTIONS)
def test_what_the_project_says_of_its_data_is_what_was_measured(language):
    (path,) = (path for path in BLANKS if path.parent.name == language)
    text = "\n".join(all_texts(read(path)))
    for name in tuning_pays.DATA:
        for what in ("default", "tuned"):
            assert f"{float(measured(f'{name}: {what}')):.1f}" in text
            assert f"{float(measured(f'{name}: {what}, standard error')):.2f}" in text


@pytest.mark.parametrize("path", BLANKS, ids=label)
def test_the_data_that_were_measured_are_those_that_are_offered(path):
    (offer,) = (cell for cell in codes(read(path)) if cell.id == "offer")
    names = {"hpt": hpt}
    exec(offer.source, names)
    for name, make in tuning_pays.DATA.items():
        everything = ("train", "validation", "test")
        sums = [splits_fingerprint(data, everything) for data in (names[name], make())]
        assert sums[0] == sums[1]


@pytest.mark.parametrize("language", SECTIONS)
def test_the_task_of_chapter_6_states_what_its_judge_counts_with(language):
    notebook = read(editions.NOTEBOOKS / language / "06-going-further.ipynb")
    task = next(cell.source for cell in notebook.cells if cell.id == "task-6-f")
    for size, (spread, seconds) in chapter_06.COSTS.items():
        assert f"| {size:,} | {spread:g} | {seconds:g} |" in task
