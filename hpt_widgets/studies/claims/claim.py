"""A claim of a paper, as a notebook shows it: sentence, criterion, results, verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from hpt_widgets.language import Text, current_language, listed, translate
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.verdict import Verdict
from hpt_widgets.support.still_picture import LARGE, StillPicture

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Evidence = TypeVar("Evidence")


@dataclass(frozen=True)
class Source:
    """Where a claim stands.

    Attributes
    ----------
    paper : str
        Authors, year and title.
    place : Text
        Where in it, and its number at arXiv or its DOI: "section 5.1, arXiv:1706.02677".
    sentence : str
        The paper's own words.
    read : {"source", "second hand", "memory"}
        How they were verified: in the paper's own text, in another text that quotes it, or not.
    quoted : Text, optional
        Which text quotes it, if one does: "quoted at example.org".
    """

    paper: str
    place: Text
    sentence: str
    read: Literal["source", "second hand", "memory"]
    quoted: Text | None = None

    @property
    def where(self) -> str:
        """Paper, place, and how the words were verified, in the reader's language."""
        if self.quoted is None:
            read = translate(f"claims.read_{self.read.replace(' ', '_')}")
            return translate("claims.where", paper=self.paper, place=str(self.place), read=read)
        # It has been said that the words come from elsewhere.
        read = translate("claims.not_read")
        place = translate("claims.place_quoted", place=str(self.place), quoted=str(self.quoted))
        return translate("claims.where", paper=self.paper, place=place, read=read)


@dataclass(frozen=True)
class Claim(Generic[Evidence]):
    """What papers say, and how this workbook tests it.

    Attributes
    ----------
    name : str
        By which `load_claim` finds it: ``"goyal-2017"``.
    words : str
        The module of its words in ``language/``, which has three texts for it: ``goyal_2017_says``,
        ``goyal_2017_criterion`` and ``goyal_2017_differs``, say.
    sources : tuple of Source
    evidence : callable
        Loads what it is judged by.
    summarize : callable
        Takes the evidence and returns the table that a reader sees.
    judge : callable
        Takes the evidence and returns the verdict.
    draw : callable, optional
        Takes the evidence and matplotlib's axes, and draws into them.
    experiment : Experiment, optional
        Its trainings; None for a claim that the trial bank or arithmetic answers.
    was_run : bool
        False if nothing answers it yet: its table says what the trainings would cost.
    """

    name: str
    words: str
    sources: tuple[Source, ...]
    evidence: Callable[[], Evidence]
    summarize: Callable[[Evidence], pd.DataFrame]
    judge: Callable[[Evidence], Verdict]
    draw: Callable[[Evidence, Axes], None] | None = None
    experiment: Experiment | None = None
    was_run: bool = True

    @property
    def says(self) -> str:
        """The claim in a sentence, in the reader's language."""
        return self._text("says")

    @property
    def criterion(self) -> str:
        """What was to be measured, and what would count as reproduced; set before the run."""
        return self._text("criterion")

    @property
    def differs(self) -> str:
        """How this test differs from the paper's: network, data, budget."""
        return self._text("differs")

    def table(self) -> pd.DataFrame:
        """Return the stored results as a table."""
        return self.summarize(self.evidence())

    def verdict(self) -> Verdict:
        """Return what the stored results say."""
        return self.judge(self.evidence())

    def plot(self) -> StillPicture:
        """Draw the stored results.

        Raises
        ------
        ValueError
            If this claim has no picture.
        """
        if self.draw is None:
            raise ValueError(translate("claims.no_picture", name=self.name))
        figure = StillPicture(figsize=(8, 3.6), layout="constrained", dots_per_inch=LARGE)
        self.draw(self.evidence(), figure.subplots())
        return figure

    def __repr__(self) -> str:
        papers = dict.fromkeys(source.paper for source in self.sources)
        return translate("claims.says_where", says=self.says, papers=listed(papers, ";"))

    def _repr_html_(self) -> str:
        return "".join(["<div>", *self._parts(), "</div>"])

    def _parts(self) -> list[str]:
        rows = [f"<p><b>{escape(self.says)}</b></p>", *map(_quotation, self.sources)]
        rows.append(_labelled("criterion", self.criterion))
        rows.append(_labelled("run", self._how_it_was_run()))
        rows.append(
            f"<details><summary>{escape(translate('claims.differs'))}</summary>"
            f"<p>{escape(self.differs)}</p></details>"
        )
        return rows

    def _how_it_was_run(self) -> str:
        if not self.was_run:
            return translate("claims.not_run")
        if self.experiment is None:
            return translate("claims.no_trainings")
        facts = self.experiment.facts()
        return translate(
            "claims.trainings",
            n=facts["trainings"],
            time=_duration(self.experiment.minutes),
            day=facts["run_on"],
            machine=_machine(facts["machine"]),
        )

    def _text(self, what: str) -> str:
        return translate(f"{self.words}.{self.name.replace('-', '_')}_{what}")


def _quotation(source: Source) -> str:
    """Return a paper's sentence, with where it stands below it."""
    where = f"<small lang='{current_language()}'>{escape(source.where)}</small>"
    return f"<blockquote lang='en'>“{escape(source.sentence)}”<br>{where}</blockquote>"


def _duration(minutes: float) -> str:
    """Return how long the trainings take, as one says it."""
    if minutes == 0.5:
        return translate("claims.half_a_minute")
    if minutes < 1:
        return translate("claims.seconds", n=round(60 * minutes))
    return translate("claims.minutes", n=minutes)


def _machine(stored: str) -> str:
    """Return the machine of stored results, "Linux x86_64, 2 cores", in the reader's language."""
    found = re.fullmatch(r"(.+), (\d+) cores", stored)
    if found is None:
        return stored
    return translate("claims.machine", system=found[1], cores=found[2])


def _labelled(label: str, text: str) -> str:
    return f"<p><b>{escape(translate(f'claims.{label}'))}</b> {escape(text)}</p>"
