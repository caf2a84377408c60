"""A project of one's own: data with the test set held back, and a log of all that is tried."""

from __future__ import annotations

import dataclasses
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import hpt_widgets
from hpt_widgets.data.dataset import Dataset, dataset_of
from hpt_widgets.data.fingerprint import data_fingerprint, splits_fingerprint
from hpt_widgets.language import counted, listed, translate
from hpt_widgets.project.hand_in import write_hand_in
from hpt_widgets.project.history import (
    History,
    is_whole,
    settings_of,
    written_spending,
)
from hpt_widgets.project.limits import (
    least_epochs,
    most_trials,
    require_baseline,
    require_budget_to_compare,
    require_budget_to_search,
    require_budget_to_train,
    require_chosen,
    require_known_strategy,
    require_opened,
)
from hpt_widgets.project.log_content import (
    RESULTS,
    SPLITS,
    Opening,
    describe_data,
    describe_space,
    describe_trial,
    key_of,
    trial_of,
)
from hpt_widgets.project.log_file import Entry, LogFile
from hpt_widgets.project.project_checks import (
    checked_project_name,
    checked_settings,
    other_plan_message,
    require_same_project,
)
from hpt_widgets.project.repeats import (
    is_known_choice,
    is_known_claim,
    is_known_comparison,
    is_known_report,
    is_known_search,
    is_same_plan,
    known_fit,
    known_opening,
)
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import DEFAULT_STARTUP_JOBS, METHODS, run_search
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import (
    items_of,
    require,
    require_choice,
    require_flag,
    require_number,
    require_text,
    require_whole_number,
)
from hpt_widgets.support.home import reader_folder
from hpt_widgets.training.hyperparameters import Hyperparameters, check_name
from hpt_widgets.training.run import Run
from hpt_widgets.training.trainer import Trainer

if TYPE_CHECKING:
    import pandas as pd

    from hpt_widgets.project.report import ProjectReport

FOLDER: Final = "projects"
MOST_SEEDS: Final = 100
# Seeds of a comparison begin here: those of searches and first tries are lower.
FIRST_SEED: Final = 100


class Project:
    """A project: one question, one budget, data with the test set held back, and a log.

    The log lies in the reader's folder (``HPT_HOME``), in ``projects``, and outlives the kernel:
    the same call with the same name goes on where it was left. Each fit is written there with
    its cost, its seed and what it was for, and each opening of the test set with its time.
    What is done once more adds nothing to it: a notebook may be run again from its first cell.
    `hpt_widgets.check_project` reads the log and judges the way.

    Parameters
    ----------
    data : Dataset
        With the splits ``train``, ``validation`` and ``test``.
    question : str
        What the project is to find out.
    budget : float
        What all fits together may cost, in epochs over the whole training split.
    name : str, default "my-project"
        Of the log: letters, digits, ``-`` and ``_``, at most 60.
    change_plan : bool, default False
        After the first fit, another question or budget is refused; with True it is logged, and
        the check says so. Spaces and line ends make no other question.

    Raises
    ------
    TypeError, ValueError
        If an argument is something else, or the project of this name has other data or, after
        its first fit, another question or budget; then nothing is logged.
    OSError
        If the log can't be written.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> from sklearn.datasets import load_wine
    >>> data = hpt.Dataset.from_frame(load_wine(as_frame=True).frame, target="target")
    >>> project = hpt.Project(data, "Does tuning pay on the wines?", budget=2_000, name="wine")
    >>> project.data
    Dataset(train 106, validation 36; samples of shape (13,), 3 classes)
    """

    def __init__(
        self,
        data: Dataset,
        question: str,
        budget: float,
        *,
        name: str = "my-project",
        change_plan: bool = False,
    ) -> None:
        require("data", data, Dataset)
        missing = [split for split in SPLITS if split not in data.splits]
        if missing:
            raise ValueError(translate("project.splits", missing=listed(missing)))
        require_text("question", question)
        self.name = checked_project_name(name)
        may_change = require_flag("change_plan", change_plan)
        self._test = data.splits["test"]
        self._data = _without_test(data)
        self._log = LogFile(reader_folder() / FOLDER / f"{self.name}.jsonl")
        self._runs: WeakKeyDictionary[Run, int] = WeakKeyDictionary()
        plan = {"question": question, "budget": require_number("budget", budget, above=0)}
        self._begin(data, plan, may_change)

    # -- what there is ---------------------------------------------------------------------------

    @property
    def data(self) -> Dataset:
        """The splits ``train`` and ``validation``; the test data stay closed."""
        return self._data

    @property
    def question(self) -> str:
        """What the project is to find out."""
        return str(self.history.plan["question"])

    @property
    def budget(self) -> float:
        """What all fits may cost, in epochs over the whole training split."""
        return float(self.history.plan["budget"])

    @property
    def spent(self) -> float:
        """What the fits have cost so far, in the same unit."""
        return self.history.spent

    @property
    def log(self) -> LogFile:
        """The log, in the reader's folder; `hand_in` writes it to a file that can be sent."""
        return self._log

    @property
    def history(self) -> History:
        """What the log holds now, lines of other kernels among them."""
        return History(self._log.read())

    @property
    def fits(self) -> pd.DataFrame:
        """All fits so far, one a row: what each was for, its setting, its result, its cost."""
        import pandas as pd

        rows = [
            {
                "strategy": entry.content["strategy"],
                **settings_of(entry),
                **{name: entry.content[name] for name in RESULTS},
                "epochs_trained": entry.content["samples"] / entry.content["training_size"],
            }
            for entry in self.history.entries("fit")
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        epochs = written_spending(self.spent, self.budget)
        n_openings = len(self.history.entries("opening"))
        words = {"name": self.name, "question": self.question, **epochs}
        return counted("project.summary", n_openings, **words)

    # -- what a reader does ----------------------------------------------------------------------

    def train(
        self,
        hp: Hyperparameters,
        *,
        strategy: str = "manual",
        training_size: int | None = None,
        beyond_budget: bool = False,
    ) -> Run:
        """Train once, and log it.

        What the log has already is trained again, for its network, and not logged again.

        Parameters
        ----------
        hp : Hyperparameters
            How to train.
        strategy : str, default "manual"
            What the fit is for. ``"baseline"`` is what all else is held against.
        training_size : int, optional
            Train on a subset of so many samples. By default on all of them.
        beyond_budget : bool, default False
            What would cost more than is left of the budget is refused; with True it is trained,
            and the check says so.

        Returns
        -------
        Run

        Raises
        ------
        TypeError, ValueError
            If an argument is something else, the budget has no room for it, or the strategy is
            nearly called ``"baseline"``; then nothing is trained.
        OSError
            If the log can't be written.
        """
        require("hp", hp, Hyperparameters)
        require_text("strategy", strategy)
        may_exceed = require_flag("beyond_budget", beyond_budget)
        data = self._part(training_size)
        history, size = self.history, len(data.y_train)
        known = known_fit(history, hp.to_record(), strategy, size)
        if known is None:
            require_known_strategy(strategy)
            if not may_exceed:
                require_budget_to_train(history, hp.epochs * size)
        return self._fit(hp, {"strategy": strategy}, data, known)

    def search(
        self,
        space: SearchSpace,
        method: str = "random",
        *,
        trials: int,
        hyperparameters: Hyperparameters | None = None,
        strategy: str | None = None,
        seed: int = 0,
        n_startup_jobs: int = DEFAULT_STARTUP_JOBS,
        training_size: int | None = None,
        beyond_budget: bool = False,
        without_baseline: bool = False,
    ) -> SearchRecord:
        """Search on the validation data, and log each trial as it lands.

        The same call again, after a restart too, goes on where the search was broken off.

        Parameters
        ----------
        space : SearchSpace
            Where to search.
        method : {"grid", "random", "tpe"}, default "random"
            How.
        trials : int
            How many trials the search has in the end.
        hyperparameters : Hyperparameters, optional
            Everything that the search does not vary.
        strategy : str, optional
            What the search is called in the log. By default its method.
        seed, n_startup_jobs
            As for `hpt_widgets.search.run_search`.
        training_size : int, optional
            Train on a subset of so many samples. By default on all of them.
        beyond_budget : bool, default False
            As for `train`. Where the epochs are searched too, what is refused is what would cost
            too much even with the fewest of them.
        without_baseline : bool, default False
            Before a baseline was begun a first search is refused, for any baseline comes too late
            after it; with True it begins, and the check says so.

        Returns
        -------
        SearchRecord
            Its ``best`` is the winner.

        Raises
        ------
        TypeError, ValueError
            If an argument is something else, the budget has no room for it, or it comes before
            the baseline; then nothing is trained.
        OSError
            If the log can't be written.
        """
        require("space", space, SearchSpace)
        for dimension in space:
            check_name(dimension.name)
        require_choice("method", method, METHODS)
        require_whole_number("trials", trials, least=1)
        fixed = Hyperparameters() if hyperparameters is None else hyperparameters
        require("hyperparameters", fixed, Hyperparameters)
        strategy = method if strategy is None else strategy
        require_text("strategy", strategy)
        may_exceed = require_flag("beyond_budget", beyond_budget)
        may_be_first = require_flag("without_baseline", without_baseline)
        data = self._part(training_size)
        described = {
            "strategy": strategy,
            "method": method,
            "space": describe_space(space),
            "hyperparameters": fixed.to_record(),
            "seed": require_whole_number("seed", seed, least=0),
            "n_startup_jobs": require_whole_number("n_startup_jobs", n_startup_jobs, least=0),
            "training_size": len(data.y_train),
        }
        key = key_of(described)
        # What a broken-off trial has cost counts, but the search does not go on from it.
        broken_off = {"strategy": strategy, "broken_off_search": key}
        record = SearchRecord(method)
        history = self.history
        for entry in history.fits_of(search=key):
            record.append(trial_of(entry.content, method))
        if not may_be_first:
            require_baseline(history)
        if not may_exceed:
            each = least_epochs(space, fixed, method) * len(data.y_train)
            most = most_trials(space, method, trials)
            require_budget_to_search(history, each, most, done=len(record))
        if len(record) < trials and not is_known_search(history, key, trials):
            self._log.append("search", {**described, "key": key, "trials": trials})
        run_search(
            method,
            space,
            lambda values: Trial.from_run(self._train(fixed.replace(**values), broken_off, data)),
            trials=trials,
            record=record,
            seed=seed,
            n_startup_jobs=n_startup_jobs,
            on_trial=lambda trial: self._log_trial(trial, data, strategy=strategy, search=key),
        )
        return record

    def compare(
        self,
        settings: Mapping[str, Hyperparameters],
        seeds: int = 5,
        *,
        beyond_budget: bool = False,
    ) -> pd.DataFrame:
        """Train some settings with the same fresh seeds, and log each fit.

        The same call again, after a restart too, trains only what is missing.

        Parameters
        ----------
        settings : mapping of str to Hyperparameters
            At least two, by the names under which the log and the report show them.
        seeds : int, default 5
            How many trainings each of them gets, with the seeds 100, 101, …
        beyond_budget : bool, default False
            As for `train`.

        Returns
        -------
        DataFrame
            The validation accuracies: a column for each setting, a row for each seed.

        Raises
        ------
        TypeError, ValueError
            If an argument is something else, or the budget has no room for it; then nothing is
            trained.
        OSError
            If the log can't be written.
        """
        checked = checked_settings(settings)
        count = require_whole_number("seeds", seeds, least=1, most=MOST_SEEDS)
        may_exceed = require_flag("beyond_budget", beyond_budget)
        numbers = list(range(FIRST_SEED, FIRST_SEED + count))
        described = {name: hp.replace(seed=0).to_record() for name, hp in checked.items()}
        key = key_of(described)
        history = self.history
        known = {
            (entry.content["strategy"], settings_of(entry)["seed"])
            for entry in history.fits_of(comparison=key)
            if is_whole(entry)
        }
        if not may_exceed:
            missing = [
                sum(hp.epochs for name, hp in checked.items() if (name, seed) not in known)
                for seed in numbers
            ]
            require_budget_to_compare(history, missing)
        if not is_known_comparison(history, key, numbers):
            content = {"key": key, "settings": described, "seeds": numbers}
            self._log.append("comparison", content)
        for name, hp in checked.items():
            for seed in numbers:
                if (name, seed) not in known:
                    what = {"strategy": name, "comparison": key}
                    self._fit(hp.replace(seed=seed), what, self._data)
        return self._comparison_table(key, list(checked), numbers)

    def choose(self, hp: Hyperparameters) -> Hyperparameters:
        """Log which setting is to be tested, before the test set is opened.

        The same choice again is not logged again.

        Parameters
        ----------
        hp : Hyperparameters
            The setting; its seed has no part in the choice.

        Returns
        -------
        Hyperparameters
            The same.

        Raises
        ------
        TypeError
            If it is none.
        OSError
            If the log can't be written.
        """
        require("hp", hp, Hyperparameters)
        if not is_known_choice(self.history, hp.to_record()):
            self._log.append("choice", {"hyperparameters": hp.to_record()})
        return hp

    def open_test(self, run: Run, *, unchosen: bool = False) -> Opening:
        """Open the test set, and log it: once, and last.

        For a fit that it was opened with before, what was found then is given again, and not
        logged again.

        Parameters
        ----------
        run : Run
            What `train` returned in this kernel, for the chosen setting.
        unchosen : bool, default False
            Before a setting was chosen, or with another one, the test set stays closed; with True
            it is opened, and the check says so.

        Returns
        -------
        Opening
            How many test samples are classified correctly, of how many.

        Raises
        ------
        TypeError, ValueError
            If it is no run of this project, or not of the chosen setting; then the test set stays
            closed.
        OSError
            If the log can't be written; then the test set stays closed too.
        """
        require("run", run, Run)
        may_be_any = require_flag("unchosen", unchosen)
        if run not in self._runs:
            raise ValueError(translate("project.other_run"))
        fit = self._runs[run]
        history = self.history
        known = known_opening(history, fit)
        if known is not None:
            return Opening(known.content["n_correct"], known.content["n_samples"])
        if not may_be_any:
            require_chosen(history, run.hyperparameters.to_record())
        predicted = run.predict_proba(self._test.x).argmax(axis=1)
        opening = Opening(int((predicted == self._test.y).sum()), len(self._test.y))
        content = {
            "fit": fit,
            "hyperparameters": run.hyperparameters.to_record(),
            "elsewhere": self._openings_elsewhere(),
            **dataclasses.asdict(opening),
        }
        self._log.append("opening", content)
        return opening

    def claim(self, interval: tuple[float, float]) -> tuple[float, float]:
        """Log the 95 % confidence interval of the test accuracy, as the reader worked it out.

        Before the test set is opened, none is taken. The same interval again is not logged again.

        Parameters
        ----------
        interval : (float, float)
            Its two ends, as shares from 0 to 1.

        Returns
        -------
        low, high : float
            The same.

        Raises
        ------
        ValueError
            If it is no such pair, or the test set is closed.
        OSError
            If the log can't be written.
        """
        ends = items_of(interval)
        if ends is None or len(ends) != 2:
            raise ValueError(translate("project.interval", value=interval))
        low = require_number("interval[0]", ends[0], least=0, most=1)
        high = require_number("interval[1]", ends[1], least=low, most=1)
        history = self.history
        require_opened(history)
        if not is_known_claim(history, {"low": low, "high": high}):
            self._log.append("claim", {"low": low, "high": high})
        return low, high

    def report(self, *, author: str = "", conclusion: str = "") -> ProjectReport:
        """Write the report of the project from its log, in the current language.

        The log has that it was made, and with what of the two; what lacks is said in a warning.

        Parameters
        ----------
        author : str, default ""
            Who hands it in.
        conclusion : str, default ""
            The answer to the question, in the reader's own words.

        Returns
        -------
        ProjectReport
            A page; ``.save("report.html")`` writes it to a file.

        Raises
        ------
        TypeError
            If an argument is no text.
        OSError
            If the log can't be written.
        """
        from hpt_widgets.project.notes import lacking_parts
        from hpt_widgets.project.report import write_report

        require("author", author, str)
        require("conclusion", conclusion, str)
        author, conclusion = _in_own_words(author), _in_own_words(conclusion)
        given = {"author": bool(author), "conclusion": bool(conclusion)}
        if not is_known_report(self.history, given):
            self._log.append("report", given)
        if not all(given.values()):
            missing = translate("project_report.missing", missing=lacking_parts(given))
            warnings.warn(missing, UserWarning, stacklevel=2)
        return write_report(self.name, self.history, author=author, conclusion=conclusion)

    def hand_in(self, name: str, path: str | os.PathLike[str] | None = None) -> Path:
        """Write the project to one file that can be handed in: the log, its seal, and a name.

        `hpt_widgets.check_project` judges the file as it judges the project.

        Parameters
        ----------
        name : str
            Who hands it in, at most 60 characters.
        path : str or path-like, optional
            The file; by default the name with ``.project.jsonl`` behind it, in the present
            folder, which is that of the notebook. Of a name of signs alone it is
            ``student.project.jsonl``. Where somebody else's file or another project lies there,
            it has a number behind the name. A path that is given is that of a file; what lies
            there is replaced if it was handed in before.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        TypeError, ValueError
            If the name can be none, or the path is a folder's or another file's.
        OSError
            If the file can't be written.
        """
        return write_hand_in(self._log, self.question, name, path)

    # -- the log ---------------------------------------------------------------------------------

    def _begin(self, data: Dataset, plan: dict[str, Any], may_change: bool) -> None:
        """Begin the log, or go on with it; other data under the same name are refused."""
        history = self.history
        sums = {"data": data_fingerprint(self._data), "test": splits_fingerprint(data, ("test",))}
        begin = history.begin
        if begin is None:
            own = {"name": self.name, "version": hpt_widgets.__version__}
            self._log.append("begin", {**plan, **sums, **describe_data(data), **own})
            return
        require_same_project(begin.content, self.name, sums, self._log.path)
        if not is_same_plan(history.plan, plan):
            if history.entries("fit") and not may_change:
                raise ValueError(other_plan_message(self.name, history.plan, plan))
            self._log.append("changed", plan)

    def _fit(
        self,
        hp: Hyperparameters,
        what: dict[str, Any],
        data: Dataset,
        known: Entry | None = None,
    ) -> Run:
        """Train, and log it unless the log knows the fit."""
        run = self._train(hp, what, data, known)
        if known is None:
            self._runs[run] = self._log_trial(Trial.from_run(run), data, **what)
        else:
            self._runs[run] = known.number
        return run

    def _train(
        self,
        hp: Hyperparameters,
        what: dict[str, Any],
        data: Dataset,
        known: Entry | None = None,
    ) -> Run:
        """Train; only what is broken off is logged here, unless the log knows the whole fit."""
        session = Trainer(data).session(hp)
        try:
            while session.ended is None:
                session.advance()
        except BaseException:
            # What was spent counts, even if the reader interrupts the cell.
            session.stop()
            if known is None:
                self._log_trial(Trial.from_run(session.result()), data, **what)
            raise
        finally:
            session.suspend()
        return session.result()

    def _log_trial(self, trial: Trial, data: Dataset, **what: Any) -> int:
        content = {
            **describe_trial(trial, len(data.y_train)),
            "data": data_fingerprint(self._data),
            **what,
        }
        return self._log.append("fit", content).number

    def _openings_elsewhere(self) -> int:
        """Count how often other projects in the reader's folder have opened the same test set."""
        begin = self.history.begin
        count = 0
        for path in self._log.path.parent.glob("*.jsonl"):
            other = History(LogFile(path).read())
            is_same = begin and other.begin and _test_sum(other.begin) == _test_sum(begin)
            if path != self._log.path and is_same:
                count += len(other.entries("opening"))
        return count

    def _part(self, training_size: int | None) -> Dataset:
        return self._data if training_size is None else self._data.take(training_size)

    def _comparison_table(self, key: str, names: list[str], seeds: list[int]) -> pd.DataFrame:
        import pandas as pd

        table = pd.DataFrame(index=pd.Index(seeds, name="seed"), columns=names, dtype=float)
        for entry in self.history.fits_of(comparison=key):
            seed = settings_of(entry)["seed"]
            if seed in table.index and is_whole(entry):
                accuracy = entry.content["validation_accuracy"]
                table.loc[seed, entry.content["strategy"]] = accuracy
        return table


def _test_sum(begin: Entry) -> Any:
    return begin.content.get("test")


def _without_test(data: Dataset) -> Dataset:
    splits = {name: data.splits[name] for name in ("train", "validation")}
    return dataset_of(splits, data.n_classes, data.as_code(), data.class_names, data.preprocessing)


def _in_own_words(text: str) -> str:
    """Return a text; an empty one without a word, such as the "…" that the chapter's cell has."""
    return text if any(character.isalnum() for character in text) else ""
