"""The chart of a curve that is predicted, with what was drawn and what came out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from hpt_widgets.exercises.predictions.curve import Axis, Curve, CurveQuestion, Points
from hpt_widgets.labs.kit.charts import Scales, figure, log_axis, log_tick_format, swatch
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.language import translate
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

HEIGHT: Final = "250px"

End = Literal["leaves", "point"]
_MARKERS: Final[dict[End, str]] = {"leaves": "^", "point": "o"}
# For what lies on the chart's edge, where the frame would hide it.
_UNCUT: Final[dict[str, Any]] = {"clip_on": False, "zorder": 3}


def empty_chart(question: CurveQuestion) -> tuple[Any, Scales]:
    """Return a figure with the question's axes and nothing on it, and its scales."""
    x, y = question.x, question.y
    made, scales = figure(
        str(x.label),
        str(y.label),
        log_x=x.log,
        log_y=y.log,
        height=HEIGHT,
        x_limits=(x.minimum, x.maximum),
        y_limits=(y.minimum, y.maximum),
    )
    made.padding_y = 0.0
    for drawn, axis in zip(made.axes, (x, y), strict=True):
        drawn.tick_values = ticks = _ticks(axis)
        drawn.tick_format = log_tick_format(ticks) if axis.log else ",~g"
    return made, scales


def line_of(scales: Scales, x: Curve, y: Curve, number: int, *, dashed: bool) -> Any:
    """Return a mark for the curve with a number, counted from 0, in its colour."""
    return bqplot.Lines(
        x=x,
        y=y,
        scales={"x": scales.x, "y": scales.y},
        colors=[color_of(number)],
        stroke_width=3,
        line_style="dashed" if dashed else "solid",
    )


def marked_end(question: CurveQuestion, points: Points) -> End | None:
    """Return why the last point of a real curve, as it is `shown`, needs a marker.

    Returns
    -------
    str or None
        ``"leaves"`` for a curve that leaves the chart at its top and ends, ``"point"`` for one
        that is a single point: no line would be seen of either. None for others.
    """
    x, y = points
    if len(x) and y[-1] >= question.y.maximum and x[-1] < question.x.maximum:
        return "leaves"
    return "point" if len(x) == 1 else None


def end_mark_of(scales: Scales, points: Points, number: int, end: End) -> Any:
    """Return a mark for the last point of the curve with a number, counted from 0."""
    return bqplot.Scatter(
        x=points[0][-1:],
        y=points[1][-1:],
        scales={"x": scales.x, "y": scales.y},
        colors=[color_of(number)],
        marker="triangle-up" if end == "leaves" else "circle",
        default_size=120,
        # At the chart's edge it would be cut in half.
        apply_clip=False,
    )


def color_of(number: int) -> str:
    """Return the colour of the curve with a number, counted from 0."""
    return PALETTE[number % len(PALETTE)]


def legend(question: CurveQuestion, found: Sequence[Points] = ()) -> str:
    """Return the names of the curves in their colours, as HTML; for real ones, which leave."""
    if len(question.lines) == 1:
        return ""
    names = (
        f'<span style="white-space:nowrap;margin-right:14px">{swatch(color_of(number))}'
        f"{html.escape(name)}</span>"
        for number, name in enumerate(_names(question, found))
    )
    return f'<div class="hpt-legend">{"".join(names)}</div>'


def _names(question: CurveQuestion, found: Sequence[Points]) -> list[str]:
    names = [str(line.name) for line in question.lines]
    for number, points in enumerate(found):
        if marked_end(question, points) == "leaves":
            names[number] = translate("prediction.leaves", name=names[number])
    return names


def draw_still(
    question: CurveQuestion, drawn: Sequence[Curve | None], found: Sequence[Points]
) -> StillPicture:
    """Draw what was predicted (dashed) and what came out (solid) in matplotlib."""
    from hpt_widgets.support.still_picture import StillPicture

    picture = StillPicture(figsize=(7.5, 3.1), layout="constrained")
    axes = picture.subplots()
    for name, axis in (("x", question.x), ("y", question.y)):
        if axis.log:
            getattr(axes, f"set_{name}scale")("log")
        getattr(axes, f"set_{name}lim")(axis.minimum, axis.maximum)
        getattr(axes, f"set_{name}label")(str(axis.label))
    for number, curve in enumerate(drawn):
        if curve is not None:
            color = color_of(number)
            axes.plot(question.grid, curve, color=color, linestyle="dashed", **_UNCUT)
    names = _names(question, found)
    for number, points in enumerate(found):
        end = marked_end(question, points)
        marked = {} if end is None else {"marker": _MARKERS[end], "markevery": [-1], **_UNCUT}
        axes.plot(*points, color=color_of(number), label=names[number], **marked)
    if found:
        axes.legend()
    axes.grid(alpha=0.3)
    return picture


def shown(question: CurveQuestion, found: Points) -> Points:
    """Return a real curve as the chart can show it: cut off where it leaves the axes."""
    x, y = question.within(found)
    return x, question.y.value_at(question.y.share_of(y))


def legend_of_styles(*, is_late: bool = False) -> str:
    """Return what dashed and solid curves are, as HTML; what came late is no prediction."""
    yours = translate(f"prediction.{'note' if is_late else 'yours'}")
    real = translate("prediction.outcome")
    return (
        f'<div class="hpt-legend">{swatch("currentColor", dashed=True)}{yours} &emsp; '
        f"{swatch('currentColor')}{real}</div>"
    )


def _ticks(axis: Axis) -> list[float]:
    if axis.log:
        ticks = log_axis(axis.minimum, axis.maximum)[2]
        return [tick for tick in ticks if axis.minimum <= tick <= axis.maximum]
    return round_ticks(axis.minimum, axis.maximum)
