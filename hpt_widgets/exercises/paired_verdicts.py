"""Verdicts from paired scores: by the bands that are right, and by those that readers make."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import special

from hpt_widgets.exercises.answers import FloatArray
from hpt_widgets.exercises.diagnosis import Mistake
from hpt_widgets.exercises.outcomes import decide
from hpt_widgets.language import Text

Scores = Sequence[float] | FloatArray
Verdict = Callable[[Scores, Scores, float], str]

UPPER: Final = 0.975
"""The quantile at the upper end of a band of 95 %."""
IN_ERRORS: Final = (2.0, 1.96, float(special.ndtri(UPPER)))
"""How many standard errors a reader may take to either side instead of Student's quantile."""
WIDTHS: Final = (None, *IN_ERRORS)
"""The same with None for Student's quantile."""


def student(quantile: float, degrees: int) -> float:
    """Return a quantile of Student's t: `scipy.stats.t.ppf` in a hundredth of its time."""
    return float(special.stdtrit(degrees, quantile))


BETWEEN: Final = Text(
    en="Your band lies between two standard errors to either side and Student's t; both are taken "
    "for right here, and so is yours. Student's t, `scipy.stats.t.ppf(0.975, n - 1)`, holds for "
    "any number of seeds: 4.3 for three, 2.4 for eight.",
    zh="你的区间介于“两侧各取两个标准误”和 t 分布之间；这两种这里都算对，你的也算对。"
    "无论种子多少都适用的是 t 分布 `scipy.stats.t.ppf(0.975, n - 1)`：三个种子时是 4.3，"
    "八个时是 2.4。",
)
"""What is said of a band that is neither."""
BY_THE_BAND: Final = Text(
    en="`{call}` should give {expected}; you get {found}. Differences by seed, their mean, and "
    "on either side t · s / √n, or 2 · s / √n; then: where do both ends lie, seen from "
    "`-margin`?",
    zh="`{call}` 应为 {expected}，你得到 {found}。先按种子求差，再求平均，两边各加减 t · s / √n"
    "（或 2 · s / √n）；然后看两端各在 `-margin` 的哪一侧。",
)
"""What is said of a verdict whose mistake is not known, where the threshold is ``-margin``."""


@dataclass(frozen=True)
class Band:
    """A band around the mean difference of paired scores, as a reader may make it.

    Attributes
    ----------
    width : float or None
        Standard errors to either side; None stands for Student's quantile.
    quantile : float
        Which one that is.
    degrees_lost : int
        How many degrees of freedom fewer than pairs it has.
    ddof : int
        Subtracted from the number of pairs in the standard deviation.
    power : float
        Of the number of pairs, by which the standard deviation is divided.
    """

    width: float | None = None
    quantile: float = UPPER
    degrees_lost: int = 1
    ddof: int = 1
    power: float = 0.5

    def factor(self, n: int) -> float:
        """Return how many standard errors the band of n pairs has to either side."""
        return student(self.quantile, n - self.degrees_lost) if self.width is None else self.width

    def verdict(self, first: Scores, second: Scores, above: float) -> str:
        """Judge the claim that the first scores are better by more than `above`, on average."""
        differences = np.subtract(first, second, dtype=np.float64)
        n = len(differences)
        mean = float(differences.mean())
        half = self.factor(n) * float(differences.std(ddof=self.ddof)) / n**self.power
        return decide(mean - half, mean + half, above)


def is_clear(first: Scores, second: Scores, above: float) -> bool:
    """Whether no end of a band lies so near the threshold that rounding moves it across."""
    differences = np.subtract(first, second, dtype=np.float64)
    n = len(differences)
    error = float(differences.std(ddof=1)) / math.sqrt(n)
    distance = abs(float(differences.mean()) - above)

    def gap(width: float | None) -> float:
        return abs(distance - Band(width).factor(n) * error)

    return error > 0 and gap(None) > 0.01 and min(map(gap, WIDTHS)) > 1e-6


# ---------------------------------------------------------------- what readers make of it


def _unpaired(width: float | None, *, is_pooled: bool) -> Verdict:
    """Return a verdict by the spread of each list, with all their degrees of freedom or one's."""

    def judge(first: Scores, second: Scores, above: float) -> str:
        n = len(first)
        degrees = 2 * n - 2 if is_pooled else n - 1
        factor = student(UPPER, degrees) if width is None else width
        half = factor * math.sqrt((np.var(first, ddof=1) + np.var(second, ddof=1)) / n)
        mean = float(np.mean(first) - np.mean(second))
        return decide(mean - half, mean + half, above)

    return judge


def _sorted(band: Band) -> Verdict:
    return lambda first, second, above: band.verdict(np.sort(first), np.sort(second), above)


def _per_cent(band: Band) -> Verdict:
    """Return a verdict on the differences in per cent of the second scores."""

    def judge(first: Scores, second: Scores, above: float) -> str:
        of_second = 100 / np.asarray(second)
        return band.verdict(np.asarray(first) * of_second, np.asarray(second) * of_second, above)

    return judge


def _backwards(band: Band) -> Verdict:
    return lambda first, second, above: band.verdict(second, first, above)


def _against(band: Band, threshold: Callable[[float], float]) -> Verdict:
    return lambda first, second, above: band.verdict(first, second, threshold(above))


def _with_words(band: Band, words: dict[str, str]) -> Verdict:
    def judge(first: Scores, second: Scores, above: float) -> str:
        found = band.verdict(first, second, above)
        return words.get(found, found)

    return judge


def _told(en: str, zh: str) -> Text:
    return Text(
        en="`{call}` should give {expected}; you get {found}. " + en,
        zh="`{call}` 应为 {expected}，你得到 {found}。" + zh,
    )


def _of_the_mean() -> Iterator[Mistake]:
    text = _told(
        "That is where the mean lies. It is the whole band that has to lie on one side: the mean "
        "alone does not tell whether another few seeds could have given the opposite.",
        "这只看了平均值。应当看整个区间是不是都在同一侧：换几个种子会不会得出相反的结果，"
        "光看平均值不知道。",
    )
    yield Mistake(Band(0.0).verdict, text)


def _of_the_pairs(bands: Sequence[Band]) -> Iterator[Mistake]:
    text = _told(
        "Both scores of a seed belong together: take their difference first, seed by seed, and "
        "then the spread of the differences. What a seed does to both is gone then.",
        "同一种子的两个成绩是成对的：先逐个种子求差，再看这些差的离散程度，"
        "种子对两者的共同影响就消掉了。",
    )
    for band in bands:
        yield from (Mistake(_unpaired(band.width, is_pooled=it), text) for it in (True, False))
        yield Mistake(_sorted(band), text)


def _of_the_error(bands: Sequence[Band]) -> Iterator[Mistake]:
    no_root = _told(
        "That is the spread of single differences; the standard error of their mean is smaller: "
        "divide by √n.",
        "你用的是单个差的标准差；平均值的标准误要小一些：还要除以 √n。",
    )
    no_square_root = _told(
        "The standard error is the standard deviation divided by √n, not by n.",
        "标准误是标准差除以 √n，而不是除以 n。",
    )
    for band in bands:
        yield Mistake(replace(band, power=0.0).verdict, no_root)
        yield Mistake(replace(band, power=0.0, ddof=0).verdict, no_root)
        yield Mistake(replace(band, power=1.0).verdict, no_square_root)


def _of_the_width(bands: Sequence[Band]) -> Iterator[Mistake]:
    """Yield bands that are not of 95 %.

    Their texts show no case: there the mended band may give another verdict than the other band
    that is right.
    """
    sample = Text(
        en="Your band is not that of 95 %: the seeds are a sample, so the standard deviation is "
        "`std(ddof=1)`. NumPy's `std` alone divides by n.",
        zh="你得到的不是 95% 的区间：种子只是样本，标准差要用 `std(ddof=1)`；"
        "NumPy 的 `std` 默认除的是 n。",
    )
    narrow = Text(
        en="Your band is narrower than one of 95 %, which leaves 2.5 % on each side: Student's "
        "quantile is 0.975 then, or two standard errors will do. The quantile 0.95, or 1.645 "
        "errors, make a band of 90 %.",
        zh="你的区间比 95% 的窄。95% 的区间两边各留 2.5%：t 分布用 0.975 分位数，"
        "或者两侧各取两个标准误；用 0.95 分位数或者各取 1.645 个，得到的只是 90% 的区间。",
    )
    wide = Text(
        en="Your band is wider than one of 95 %, which leaves 2.5 % on each side: Student's "
        "quantile is 0.975 then, or two standard errors will do. The quantile 0.995, or 2.576 "
        "errors, make a band of 99 %.",
        zh="你的区间比 95% 的宽。95% 的区间两边各留 2.5%：t 分布用 0.975 分位数，"
        "或者两侧各取两个标准误；用 0.995 分位数或者各取 2.576 个，得到的是 99% 的区间。",
    )
    degrees = Text(
        en="Your band is not that of 95 %: n differences leave Student's t n − 1 degrees of "
        "freedom.",
        zh="你得到的不是 95% 的区间：n 个差对应的 t 分布，自由度是 n − 1。",
    )
    one_error = Text(
        en="One standard error to each side holds the true mean only two times out of three. The "
        "band reaches two standard errors to either side, or by Student's quantile 0.975.",
        zh="两侧各取一个标准误，三次中只有两次包含真值。区间向两侧应各伸两个标准误，"
        "或者按 t 分布的 0.975 分位数取。",
    )
    yield from (Mistake(replace(band, ddof=0).verdict, sample) for band in bands)
    of_90_percent = (Band(quantile=0.95), Band(1.645), Band(student(0.95, 10**6)))
    yield from (Mistake(band.verdict, narrow) for band in of_90_percent)
    of_99_percent = (Band(quantile=0.995), Band(2.576), Band(student(0.995, 10**6)), Band(3.0))
    yield from (Mistake(band.verdict, wide) for band in of_99_percent)
    yield Mistake(Band(degrees_lost=0).verdict, degrees)
    yield Mistake(Band(1.0).verdict, one_error)


def _of_the_words(bands: Sequence[Band]) -> Iterator[Mistake]:
    two = _told(
        "What is not reproduced is not yet refuted: for that, the whole band must lie below "
        "{threshold}.",
        "没有复现，还不等于不成立：整个区间都低于 {threshold}，才算不成立。",
    )
    two_others = _told(
        "What is not refuted is not yet reproduced: for that, the whole band must lie above "
        "{threshold}.",
        "没有被否定，还不等于复现：整个区间都高于 {threshold}，才算复现。",
    )
    swapped = _told(
        "“reproduced” and “refuted” have changed places.", "“复现”和“不成立”两个词用反了。"
    )
    swap = {"reproduced": "refuted", "refuted": "reproduced"}
    for band in bands:
        yield Mistake(_with_words(band, {"undecided": "refuted"}), two)
        yield Mistake(_with_words(band, {"undecided": "reproduced"}), two_others)
        yield Mistake(_with_words(band, swap), swapped)


def _of_the_threshold(bands: Sequence[Band]) -> Iterator[Mistake]:
    in_points = _told(
        "The scores and the threshold are both in points: compare with {threshold} as it is, not "
        "with 0 and not with a hundredth of it.",
        "成绩和界限都以百分点为单位：直接与 {threshold} 比，不是与 0 比，也不要再除以 100。",
    )
    wrong_side = _told(
        "The threshold is {threshold}: its sign has been turned.",
        "界限是 {threshold}：你把它的正负号弄反了。",
    )
    per_cent = _told(
        "The threshold is in points: take the differences themselves, not in per cent of a score.",
        "界限以百分点为单位：直接用差本身，不要再除以成绩换算成百分之几。",
    )
    for band in bands:
        yield Mistake(_against(band, lambda _: 0.0), in_points)
        yield Mistake(_against(band, lambda above: above / 100), in_points)
        yield Mistake(_against(band, lambda above: -above), wrong_side)
        yield Mistake(_per_cent(band), per_cent)


def _of_the_difference(bands: Sequence[Band]) -> Iterator[Mistake]:
    text = _told("The difference is {difference}.", "差应是 {difference}。")
    yield from (Mistake(_backwards(band), text) for band in bands)


def known_mistakes(arguments: Callable[..., tuple[Scores, Scores, float]]) -> tuple[Mistake, ...]:
    """Return what readers get wrong in such a verdict, the likelier first, by each right band.

    Parameters
    ----------
    arguments : callable
        Takes a case of the exercise and returns ``(first, second, above)``.

    Returns
    -------
    tuple of Mistake
        Their texts name ``{threshold}`` and ``{difference}`` too, in the exercise's own words.
    """
    bands = [Band(width) for width in WIDTHS]
    of_bands = (_of_the_pairs, _of_the_error, _of_the_width, _of_the_words, _of_the_threshold)
    kinds = (_of_the_mean(), *(kind(bands) for kind in of_bands), _of_the_difference(bands))
    return tuple(
        Mistake(of_cases(mistake.function, arguments), mistake.text)
        for kind in kinds
        for mistake in kind
    )


def of_cases(
    verdict: Verdict, arguments: Callable[..., tuple[Scores, Scores, float]]
) -> Callable[..., str]:
    """Return a verdict that takes an exercise's cases."""
    return lambda *case: verdict(*arguments(*case))
