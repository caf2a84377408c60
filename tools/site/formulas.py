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
    "beta": "β", "delta": "δ", "eta": "η", "kappa": "κ", "lambda": "λ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "theta": "θ", "epsilon": "ϵ", "varepsilon": "ε", "partial": "∂",
    "nabla": "∇", "circ": "∘",
}  # fmt: skip
OPERATORS: Final = {
    "leftarrow": "←",
    "cdot": "⋅",
    "times": "×",
    "approx": "≈",
    "le": "≤",
    "ge": "≥",
    "propto": "∝",
    "dots": "…",
    "mid": "∣",
}
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
    content = parser.row()
    kind = "block" if display else "inline"
    return f'<math display="{kind}"><mrow>{content}</mrow></math>'


class _Parser:
    """Reads a formula from left to right."""

    def __init__(self, latex: str) -> None:
        self._latex = latex
        self._tokens = [token for token in TOKEN.findall(latex) if not token.isspace()]
        self._place = 0
        self._ended_by = ""

    def row(self, *until: str) -> str:
        """Read up to one of these tokens, such as a closing brace, or to the end."""
        parts: list[str] = []
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token in until:
                self._place += 1
                self._ended_by = token
                return "".join(parts)
            if token in "^_":
                if not parts:
                    raise self._error("a script belongs to nothing")
                parts.append(self._scripts(parts.pop()))
            else:
                parts.append(self._atom())
        if until:
            raise self._error("a brace is not closed")
        return "".join(parts)

    def _scripts(self, base: str) -> str:
        found: dict[str, str] = {}
        while self._place < len(self._tokens) and self._tokens[self._place] in "^_":
            sign = self._tokens[self._place]
            self._place += 1
            found[sign] = self._argument()
        if len(found) == 2:
            return f"<msubsup>{base}{found['_']}{found['^']}</msubsup>"
        name = "msup" if "^" in found else "msub"
        return f"<{name}>{base}{''.join(found.values())}</{name}>"

    def _argument(self) -> str:
        """Read what stands behind a command or a script: without braces a single digit, as TeX."""
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        if token[:1].isdigit():
            self._tokens[self._place : self._place + 1] = [token[0], *TOKEN.findall(token[1:])]
        return self._atom()

    def _atom(self) -> str:
        if self._place >= len(self._tokens):
            raise self._error("something is missing at the end")
        token = self._tokens[self._place]
        self._place += 1
        if token == "{":
            return f"<mrow>{self.row('}')}</mrow>"
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
        return before in (
            "(",
            "[",
            "{",
            "=",
            "<",
            ">",
            ",",
            "^",
            "_",
            "&",
            "\\\\",
            "\\cdot",
            "\\approx",
        )

    def _command(self, name: str) -> str:
        if name in LETTERS:
            return f"<mi>{LETTERS[name]}</mi>"
        if name in OPERATORS:
            return f"<mo>{OPERATORS[name]}</mo>"
        if name in FUNCTIONS:
            return f"<mi>{name}</mi><mo>&#8289;</mo>" if self._is_applied() else f"<mi>{name}</mi>"
        if name in ("frac", "tfrac"):
            return f"<mfrac>{self._argument()}{self._argument()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self._argument()}</msqrt>"
        if name == "hat":
            return f'<mover accent="true">{self._argument()}<mo stretchy="false">^</mo></mover>'
        if name == "left":
            return self._bracketed()
        if name == "begin":
            return self._matrix()
        if name == "text":
            return f"<mtext>{self._text()}</mtext>"
        raise self._error(f"\\{name} is not known")

    def _bracketed(self) -> str:
        """Read what stands between two brackets that grow, and the brackets."""
        opening = self._bracket()
        content = self.row("\\right")
        return f"<mrow>{opening}{content}{self._bracket()}</mrow>"

    def _bracket(self) -> str:
        """Read a round bracket as high as what it encloses."""
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        if token not in ("(", ")"):
            raise self._error(f"{token!r} is no round bracket")
        self._place += 1
        return f"<mo>{token}</mo>"

    def _matrix(self) -> str:
        """Read a matrix in round brackets, behind the command that begins it."""
        self._expect("{pmatrix}")
        rows: list[list[str]] = [[]]
        self._ended_by = ""
        while self._ended_by != "\\end":
            rows[-1].append(self.row("&", "\\\\", "\\end"))
            if self._ended_by == "\\\\":
                rows.append([])
        self._expect("{pmatrix}")
        lines = (f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in cells)}</mtr>" for cells in rows)
        return f"<mrow><mo>(</mo><mtable>{''.join(lines)}</mtable><mo>)</mo></mrow>"

    def _expect(self, words: str) -> None:
        """Read these letters, and nothing else."""
        end = self._place + len(words)
        if "".join(self._tokens[self._place : end]) != words:
            raise self._error(f"{words} is expected")
        self._place = end

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
