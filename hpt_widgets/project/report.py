"""The report of a project: one page, made from the log, to be handed in."""

from __future__ import annotations

import html
import os
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from hpt_widgets.language import counted, current_language, joined, listed, translate
from hpt_widgets.project.comparison import last_comparison
from hpt_widgets.project.confidence import interval_of
from hpt_widgets.project.history import History, accuracies, written_spending
from hpt_widgets.project.judges import judged
from hpt_widgets.project.report_figures import comparison_figure, progress_figure, setting_of
from hpt_widgets.project.verdict import lines_as_html, remarks_as_html
from hpt_widgets.support.files import replace_file

_PAGE: Final = string.Template("""<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { font: 15px/1.5 system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; color: #1a1a1a;
  background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin-bottom: 0.3rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 0.4rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
th, td { border-bottom: 1px solid #e3e3e3; padding: 0.25rem 0.6rem 0.25rem 0; text-align: left;
  vertical-align: top; }
thead th { border-bottom: 1px solid #888; word-break: keep-all; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td:first-child, td.number { white-space: nowrap; }
svg { max-width: 100%; height: auto; }
code { font-size: 0.88em; overflow-wrap: anywhere; }
.small { color: #555; font-size: 0.85rem; overflow-wrap: anywhere; }
figure { margin: 0.8rem 0; }
@media print {
  body { margin: 0; max-width: none; font-size: 11pt; }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
}
</style>
</head>
<body>
$body
</body>
</html>
""")


@dataclass(frozen=True, repr=False)
class ProjectReport:
    """The report of a project as a page that needs no other file.

    Attributes
    ----------
    name : str
        Of the project.
    html : str
        The page.
    """

    name: str
    html: str

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file.

        Parameters
        ----------
        path : str or Path
            Such as ``"report.html"``; its folder is made if need be.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        OSError
            If it can't be written.
        """
        target = Path(path).absolute()
        replace_file(target, self.html.encode())
        return target

    def __repr__(self) -> str:
        return translate("project_report.saved_by", name=self.name)

    def _repr_html_(self) -> str:
        source = html.escape(self.html, quote=True)
        title = html.escape(translate("project_report.title", name=self.name), quote=True)
        style = "width: 100%; height: 560px; border: 1px solid #888; background: #fff"
        return (
            f"<p>{html.escape(repr(self))}</p>"
            f'<iframe title="{title}" srcdoc="{source}" style="{style}"></iframe>'
        )


def write_report(name: str, history: History, *, author: str, conclusion: str) -> ProjectReport:
    """Write the report of a project from its log, in the current language.

    Parameters
    ----------
    name : str
        Of the project.
    history : History
        What its log tells.
    author, conclusion : str
        The reader's name and answer, either may be empty.

    Returns
    -------
    ProjectReport
    """
    sections = [
        _head(name, history, author),
        _section("data", _data(history)),
        _section("fits", _fits(history)),
        _section("comparison", _comparison(history)),
        _section("test", _test(history)),
        _section("conclusion", _paragraphs(conclusion), empty="no_conclusion"),
        _section("check", _check(name, history)),
    ]
    title = html.escape(translate("project_report.title", name=name))
    language = {"zh": "zh-CN"}.get(current_language(), current_language())
    page = _PAGE.substitute(language=language, title=title, body="\n".join(sections))
    return ProjectReport(name, page)


def _head(name: str, history: History, author: str) -> str:
    begin = history.begin
    when = begin.when[:10] if begin else ""
    author = author.strip() or translate("project_report.no_author")
    parts = [translate("project_report.title", name=name), author, when]
    budget = counted(
        "project_report.budget",
        len(history.entries("fit")),
        **written_spending(history.spent, history.plan["budget"]),
    )
    subtitle = html.escape(" · ".join(part for part in parts if part))
    question = html.escape(str(history.plan["question"]))
    return f'<h1>{question}</h1>\n<p class="small">{subtitle}</p>\n<p>{html.escape(budget)}</p>'


def _section(key: str, content: str, empty: str = "nothing_yet") -> str:
    title = html.escape(translate(f"project_report.section_{key}"))
    nothing = html.escape(translate(f"project_report.{empty}"))
    return f"<h2>{title}</h2>\n{content or f'<p>{nothing}</p>'}"


def _data(history: History) -> str:
    content = history.begin.content if history.begin else {}
    sizes, names = content["sizes"], content["class_names"]
    shown = listed(names[:20]) + (" …" if len(names) > 20 else "")
    words = {"n_features": content["n_features"], "n_classes": content["n_classes"]}
    sentence = translate("project_report.data", classes=shown, **sizes, **words)
    # Of arrays the code is a bare `data`, which tells whoever reads the page nothing.
    code = (
        "" if content["code"] == "data" else f"<p><code>{html.escape(content['code'])}</code></p>"
    )
    return f"<p>{html.escape(sentence)}</p>{code}"


def _fits(history: History) -> str:
    fits = history.entries("fit")
    if not fits:
        return ""
    rows = []
    for strategy in dict.fromkeys(fit.content["strategy"] for fit in fits):
        own = history.fits_of(strategy=strategy)
        epochs = sum(fit.content["samples"] for fit in own) / history.n_train
        seconds = sum(fit.content["seconds"] or 0.0 for fit in own)
        found = accuracies(own)
        cells = [f"{len(own)}", f"{epochs:,.0f}", f"{seconds:,.0f}"]
        rows.append([strategy, *cells, _percent(max(found)), _percent(float(np.median(found)))])
    heads = ("strategy", "n_fits", "epochs", "seconds", "best", "median")
    return _table(heads, rows) + f"<figure>{progress_figure(history)}</figure>"


def _comparison(history: History) -> str:
    found = last_comparison(history)
    sides = [side for side in found.sides if side.fits] if found else []
    if not sides:
        return ""
    rows, results = [], {}
    for side in sides:
        values = results[side.name] = accuracies(side.fits)
        n = len(values)
        error = float(np.std(values, ddof=1)) / n**0.5 if n > 1 else None
        cells = [f"{n}", _percent(float(np.mean(values))), _percent(error)]
        rows.append([side.name, *cells, setting_of(side.fits[0])])
    heads = ("side", "n_seeds", "mean", "error", "setting")
    return _table(heads, rows) + f"<figure>{comparison_figure(results)}</figure>"


def _test(history: History) -> str:
    openings, claims = history.entries("opening"), history.entries("claim")
    if not openings:
        return ""
    first = openings[0]
    n_correct, n = first.content["n_correct"], first.content["n_samples"]
    low, high = interval_of(n_correct, n)
    words = {"correct": n_correct, "n": n, "accuracy": 100 * n_correct / n}
    sentences = [
        translate("project_report.opened", when=first.when[:16].replace("T", " "), **words),
        translate("project_report.wilson", low=100 * low, high=100 * high),
    ]
    if claims:
        ends = {name: 100 * claims[-1].content[name] for name in ("low", "high")}
        sentences.append(translate("project_report.claimed", **ends))
    setting = html.escape(setting_of(first))
    return f"<p>{html.escape(joined(sentences))}</p><p><code>{setting}</code></p>"


def _check(name: str, history: History) -> str:
    check = judged(name, history)
    reading = history.reading
    head = reading.entries[-1].digest if reading.entries else ""
    chain = counted("project_report.chain", len(reading.entries), head=head)
    return (
        f"<p>{html.escape(check.summary)}</p>{lines_as_html(check)}{remarks_as_html(check)}"
        f'<p class="small">{html.escape(chain)}</p>'
    )


def _paragraphs(text: str) -> str:
    parts = (part.strip() for part in text.split("\n\n"))
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; all columns but the first and long ones hold numbers."""
    kinds = ["" if head in ("strategy", "side", "setting") else ' class="number"' for head in heads]
    head = "".join(
        f'<th scope="col"{kind}>{_title(key)}</th>' for key, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, kinds)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Sequence[str], kinds: Sequence[str]) -> str:
    cells = zip(row, kinds, strict=True)
    return "".join(f"<td{kind}>{html.escape(cell)}</td>" for cell, kind in cells)


def _title(key: str) -> str:
    return html.escape(translate(f"project_report.column_{key}"))


def _percent(share: Any) -> str:
    return "" if share is None else translate("project_report.percent", share=100 * share)
