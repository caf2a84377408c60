"""The view of a network's mistakes: words, the confusion matrix, and the worst samples."""

from __future__ import annotations

import base64
import html
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.data.dataset import Split
from hpt_widgets.labs.training.mistakes import Mistakes, draw_confusion, draw_worst
from hpt_widgets.labs.training.words import describe_mistakes
from hpt_widgets.language import translate

# How many kinds of errors are named in words.
PAIRS_NAMED: Final = 3

_STYLE: Final = """<style>
.hpt-lab .hpt-mistakes { display: flex; flex-wrap: wrap; gap: 8px 36px;
  font-size: var(--hpt-text); }
.hpt-lab .hpt-mistakes > div { display: grid; grid-template-columns: auto minmax(0, 1fr);
  justify-items: center; align-items: center; flex: 1 1 300px; max-width: 480px; }
.hpt-full .hpt-mistakes > div { max-width: 720px !important; }
.hpt-lab .hpt-mistakes b, .hpt-lab .hpt-mistakes img, .hpt-lab .hpt-mistakes .hpt-across {
  grid-column: 2; }
.hpt-lab .hpt-mistakes .hpt-upright { grid-column: 1; grid-row: 2; writing-mode: vertical-rl;
  text-orientation: sideways; transform: rotate(180deg); }
.hpt-lab .hpt-mistakes img { width: 100%; height: auto; grid-row: 2; }
</style>"""


class MistakesView:
    """What the newest run misreads.

    The words stand beside the pictures and not in them: matplotlib's own font has no Chinese.
    """

    def __init__(self) -> None:
        self.words = widgets.HTML(translate("training_lab.no_mistakes_yet"))
        self.pictures = widgets.HTML()
        style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.widget: Any = widgets.VBox([style, self.words, self.pictures])

    def show(self, mistakes: Mistakes, samples: Split) -> None:
        """Show these mistakes on these samples."""
        pairs = [
            (mistakes.name(true), mistakes.name(read), count)
            for true, read, count in mistakes.frequent_pairs(PAIRS_NAMED)
        ]
        has_pictures = samples.stored.ndim == 3
        words = describe_mistakes(
            mistakes.n_wrong, len(samples.y), pairs, has_pictures=has_pictures
        )
        self.words.value = html.escape(words)
        parts = [_confusion(mistakes)]
        if has_pictures and mistakes.n_wrong:
            parts.append(_worst(mistakes, samples))
        self.pictures.value = f'<div class="hpt-mistakes">{"".join(parts)}</div>'


def _confusion(mistakes: Mistakes) -> str:
    title = _text("confusion_matrix")
    true, read = _text("true_class"), _text("class_read")
    return (
        f'<div><b>{title}</b><span class="hpt-upright">{true}</span>'
        f"{_image(draw_confusion(mistakes), title)}"
        f'<span class="hpt-across">{read}</span></div>'
    )


def _worst(mistakes: Mistakes, samples: Split) -> str:
    title = _text("worst_samples")
    return f"<div><b>{title}</b>{_image(draw_worst(mistakes, samples), title)}</div>"


def _image(picture: bytes, words: str) -> str:
    source = base64.b64encode(picture).decode()
    return f'<img alt="{words}" src="data:image/png;base64,{source}">'


def _text(key: str) -> str:
    return html.escape(translate(f"training_lab.{key}"), quote=True)
