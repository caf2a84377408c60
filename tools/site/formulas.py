"""Formulas set when the page is built: from LaTeX to MathML, which browsers draw and read aloud.

It knows the commands that the workbook's formulas use and refuses others, so that no formula is
shown wrongly.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

TOKEN: Final = re.compile(r"\\[a-zA-Z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)

LETTERS: Final = {
    "beta": "β", "delta": "δ", "eta": "η", "kappa": "κ", "lambda": "λ", "pi": "π", "sigma": "σ",
    "theta": "θ", "varepsilon": "ε", "partial": "∂", "nabla": "∇", "circ": "∘",
}  # fmt: skip
OPERATORS: Final = {"cdot": "⋅", "approx": "≈", "dots": "…", "le": "≤", "ge": "≥", "times": "×"}
FUNCTIONS: Final = ("max", "min", "ln", "cos", "sin", "exp", "log")
SPACES: Final = {"\\,": "0.17em", "\\ ": "0.33em", "\\qquad": "2em", "\\quad": "1em"}
SIGNS: Final = {"-": "−", "'": "′"}


class FormulaError(ValueError):
    """A formula that is not understood; the message shows it."""


def to_mathml(latex: str, *, display: bool = False) -> str:
    """Return a formula as a MathML element.

    Parameters
    ----------
    latex : str
        Without dollar signs.
    display : bool, default False
        Whether it stands on a line of its own.

    Returns
    -------
    str

    Raises
    ------
    FormulaError
        If it uses a command that is not known, or its braces do not match.
    """
    parser = _Parser(latex)
    content = parser.row(until=None)
    kind = "block" if display else "inline"
    return f'<math display="{kind}"><mrow>{content}</mrow></math>'


class _Parser:
    """Reads a formula from left to right."""

    def __init__(self, latex: str) -> None:
        self._latex = latex
        self._tokens = [token for token in TOKEN.findall(latex) if not token.isspace()]
        self._place = 0

    def row(self, until: str | None) -> str:
        """Read up to a closing brace, or to the end."""
        parts: list[str] = []
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token == until:
                self._place += 1
                return "".join(parts)
            if token in "^_":
                if not parts:
                    raise self._error("a script belongs to nothing")
                parts.append(self._scripts(parts.pop()))
            else:
                parts.append(self._atom())
        if until is not None:
            raise self._error("a brace is not closed")
        return "".join(parts)

    def _scripts(self, base: str) -> str:
        found: dict[str, str] = {}
        while self._place < len(self._tokens) and self._tokens[self._place] in "^_":
            sign = self._tokens[self._place]
            self._place += 1
            found[sign] = self._atom()
        if len(found) == 2:
            return f"<msubsup>{base}{found['_']}{found['^']}</msubsup>"
        name = "msup" if "^" in found else "msub"
        return f"<{name}>{base}{''.join(found.values())}</{name}>"

    def _atom(self) -> str:
        if self._place >= len(self._tokens):
            raise self._error("something is missing at the end")
        token = self._tokens[self._place]
        self._place += 1
        if token == "{":
            return f"<mrow>{self.row(until='}')}</mrow>"
        if token in SPACES:
            return f'<mspace width="{SPACES[token]}"/>'
        if token.startswith("\\"):
            return self._command(token[1:])
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        if token in "+-" and self._is_sign():
            return f'<mo form="prefix">{SIGNS.get(token, token)}</mo>'
        if token in "=+-<>()[]|,/.:;!'":
            # Bars and brackets keep the height of what they enclose only if they may not stretch.
            stretch = ' stretchy="false"' if token in "()[]|" else ""
            return f"<mo{stretch}>{escape(SIGNS.get(token, token))}</mo>"
        raise self._error(f"{token!r} is not known")

    def _is_sign(self) -> bool:
        """Tell a number's sign from the operator between two numbers."""
        before = self._tokens[self._place - 2] if self._place >= 2 else "("
        return before in ("(", "[", "{", "=", "<", ">", ",", "^", "_", "\\cdot", "\\approx")

    def _command(self, name: str) -> str:
        if name in LETTERS:
            return f"<mi>{LETTERS[name]}</mi>"
        if name in OPERATORS:
            return f"<mo>{OPERATORS[name]}</mo>"
        if name in FUNCTIONS:
            return f"<mi>{name}</mi><mo>&#8289;</mo>" if self._is_applied() else f"<mi>{name}</mi>"
        if name in ("frac", "tfrac"):
            return f"<mfrac>{self._atom()}{self._atom()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self._atom()}</msqrt>"
        if name == "text":
            return f"<mtext>{self._text()}</mtext>"
        raise self._error(f"\\{name} is not known")

    def _is_applied(self) -> bool:
        following = self._tokens[self._place : self._place + 1]
        return bool(following) and following[0] not in ("}", "^", "_")

    def _text(self) -> str:
        # Blanks count here, so it is taken from the formula itself.
        match = re.search(r"\\text\{([^{}]*)\}", self._latex)
        if match is None:
            raise self._error("\\text needs braces")
        self._latex = self._latex.replace(match[0], "", 1)
        while self._tokens[self._place] != "}":
            self._place += 1
        self._place += 1
        return escape(match[1]).replace(" ", "&#160;")

    def _error(self, why: str) -> FormulaError:
        return FormulaError(f"${self._latex}$: {why}")
