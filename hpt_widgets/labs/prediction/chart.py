"""The chart of a curve that is predicted, with what was drawn and what came out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.exercises.predictions.curve import Axis, Curve, CurveQuestion, Points
from hpt_widgets.labs.kit.charts import Scales, figure, log_axis, log_tick_format, swatch
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.language import translate
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

HEIGHT: Final = "250px"


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


def color_of(number: int) -> str:
    """Return the colour of the curve with a number, counted from 0."""
    return PALETTE[number % len(PALETTE)]


def legend(question: CurveQuestion) -> str:
    """Return the names of the curves in their colours, as HTML."""
    if len(question.lines) == 1:
        return ""
    names = (
        f'<span style="white-space:nowrap;margin-right:14px">{swatch(color_of(number))}'
        f"{html.escape(str(line.name))}</span>"
        for number, line in enumerate(question.lines)
    )
    return f'<div class="hpt-legend">{"".join(names)}</div>'


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
    for number, line in enumerate(question.lines):
        color = color_of(number)
        curve = drawn[number] if number < len(drawn) else None
        if curve is not None:
            axes.plot(question.grid, curve, color=color, linestyle="dashed")
        if number < len(found):
            axes.plot(*found[number], color=color, label=str(line.name))
    if found:
        axes.legend()
    axes.grid(alpha=0.3)
    return picture


def shown(question: CurveQuestion, found: Points) -> Points:
    """Return a real curve as the chart can show it: cut off where it leaves the axes."""
    x, y = found
    inside = (x >= question.x.minimum) & (x <= question.x.maximum)
    return x[inside], question.y.value_at(question.y.share_of(y[inside]))


def legend_of_styles() -> str:
    """Return what dashed and solid curves are, as HTML."""
    yours, real = translate("prediction.yours"), translate("prediction.outcome")
    return (
        f'<div class="hpt-legend">{swatch("currentColor", dashed=True)}{yours} &emsp; '
        f"{swatch('currentColor')}{real}</div>"
    )


def _ticks(axis: Axis) -> list[float]:
    if axis.log:
        ticks = log_axis(axis.minimum, axis.maximum)[2]
        return [tick for tick in ticks if axis.minimum <= tick <= axis.maximum]
    return round_ticks(axis.minimum, axis.maximum)
