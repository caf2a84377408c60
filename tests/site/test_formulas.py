"""Formulas in MathML: every one of the workbook can be set, and what is wrong is refused."""

import re
import xml.etree.ElementTree as ET

import nbformat
import pytest

from tools.run_checks import PROJECT
from tools.site import package
from tools.site.formulas import FormulaError, to_mathml


def formulas_of_the_workbook():
    for path in sorted(PROJECT.glob("notebooks/*/*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "markdown":
                text = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL)
                for match in re.finditer(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", text, re.DOTALL):
                    yield match[1] or match[2]


def test_every_formula_of_the_workbook_becomes_well_formed():
    found = {*formulas_of_the_workbook(), *(s.formula for s in package.SURFACES.values())}
    assert len(found) > 100
    for latex in found:
        ET.fromstring(to_mathml(latex))


@pytest.mark.parametrize(
    ("latex", "content"),
    [
        ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        ("s_1^2", "<msubsup><mi>s</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (
            r"\frac{2}{\lambda}",
            "<mfrac><mrow><mn>2</mn></mrow><mrow><mi>λ</mi></mrow></mfrac>",
        ),
        (r"\tfrac12 y", "<mfrac><mn>1</mn><mn>2</mn></mfrac><mi>y</mi>"),
        ("x^12", "<msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>"),
        (r"\sqrt 20", "<msqrt><mn>2</mn></msqrt><mn>0</mn>"),
        ("a - 1.5", "<mi>a</mi><mo>−</mo><mn>1.5</mn>"),
        (r"\text{mean of } y", "<mtext>mean&#160;of&#160;</mtext><mi>y</mi>"),
        (
            "a (-b)",
            '<mi>a</mi><mo stretchy="false">(</mo><mo form="prefix">−</mo><mi>b</mi>'
            '<mo stretchy="false">)</mo>',
        ),
        ("a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (
            r"\hat m_t",
            '<msub><mover accent="true"><mi>m</mi><mo stretchy="false">^</mo></mover>'
            "<mi>t</mi></msub>",
        ),
        (
            r"\left(\frac{a}{b}\right)^2",
            "<msup><mrow><mo>(</mo><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"
            "<mo>)</mo></mrow><mn>2</mn></msup>",
        ),
        (
            r"\begin{pmatrix} a_{1} & -b \\ 1 & 0 \end{pmatrix} x",
            "<mrow><mo>(</mo><mtable>"
            "<mtr><mtd><msub><mi>a</mi><mrow><mn>1</mn></mrow></msub></mtd>"
            '<mtd><mo form="prefix">−</mo><mi>b</mi></mtd></mtr>'
            "<mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr>"
            "</mtable><mo>)</mo></mrow><mi>x</mi>",
        ),
    ],
)
def test_a_formula_is_set_as_it_is_meant(latex, content):
    assert to_mathml(latex) == f'<math display="inline"><mrow>{content}</mrow></math>'


UNCLOSED = (
    r"\left( x",
    r"\left\{ x \right\}",
    r"\begin{pmatrix} a & b",
    r"\begin{cases} a \end{cases}",
    r"\begin{pmatrix} a \end{cases}",
)


@pytest.mark.parametrize("latex", [r"\unknown", "{x", "^2", r"\frac{1}", "x & y", *UNCLOSED])
def test_what_is_not_understood_is_refused(latex):
    with pytest.raises(FormulaError):
        to_mathml(latex)
