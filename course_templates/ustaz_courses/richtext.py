"""A learner's page from Markdown with formulae: sanitised HTML with MathML.

Formulae become MathML on the server: browsers show it without a script, screen readers read it, and
a slow line carries a few bytes instead of a typesetting library. The HTML passes an allow-list
sanitiser at the end, so that no text, whoever wrote it, brings a script onto a page.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

_MATHML_TAGS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac",
    "msqrt", "mroot", "mstyle", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mfenced",
    "mpadded", "mphantom", "menclose",
}  # fmt: skip
_TAGS = {
    "p", "em", "strong", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th",
    "td", "blockquote", "br", "hr", "sup", "sub", "del", "h2", "h3", "h4", "span", "div",
} | _MATHML_TAGS  # fmt: skip
_ATTRIBUTES = {
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence", "form", "separator", "lspace", "rspace", "minsize", "maxsize"},
    "mspace": {"width", "linebreak"},
    "mi": {"mathvariant"},
    "mtable": {"columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines"},
    "mtd": {"columnalign"},
    "mfrac": {"linethickness"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "menclose": {"notation"},
    "code": {"class"},
    "th": {"style"},
    "td": {"style"},
    "ol": {"start"},
}

_DECIMAL_COMMA = re.compile(r"(?<=\d)\{,\}(?=\d)")
_POINT = re.compile(r"<mn>(\d+)\.(\d+)</mn>")
#: A minus after an operator, an opening bracket or a space is a sign: no space stands after it.
_MINUS_SIGN = re.compile(
    r"(<mo[^>]*>(?!&#x00029;|&#x0005D;|&#x0007C;|&#x00021;|&#x0230B;|&#x02309;)[^<]*</mo>|<mi>;</mi>|<mspace[^>]*/>)"
    r"<mo>&#x02212;</mo>"
)


def to_html(markdown: str, language: str) -> str:
    """Return sanitised HTML for Markdown with `$…$` and `$$…$$`.

    Parameters
    ----------
    markdown : str
        CommonMark with tables; raw HTML in it is shown as text, never obeyed.
    language : str
        Language code for the wrapping element's `lang`.

    Returns
    -------
    str
        `<div lang="…">…</div>`.

    Examples
    --------
    >>> "<math" in to_html("Solve $x+1=3$", "en")
    True
    >>> "<script" in to_html("<script>alert(1)</script>", "en")
    False
    """
    body = _parser().render(markdown)
    clean = nh3.clean(
        body,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        filter_style_properties={"text-align"},
        link_rel=None,
    )
    return f'<div lang="{html.escape(language, quote=True)}">{clean}</div>'


@lru_cache(maxsize=4096)
def to_mathml(latex: str, *, block: bool = False) -> str:
    """Return MathML for LaTeX, with the LaTeX as alternative text; the source itself on a fault."""
    # A comma between digits would be an operator, with a space after it: "2, 5".
    pointed = _DECIMAL_COMMA.sub(".", latex)
    try:
        mathml = convert(pointed, display="block" if block else "inline")
    except Exception:  # noqa: BLE001 - latex2mathml raises many kinds; the source is still readable
        return f"<code>{html.escape(latex)}</code>"
    alternative = html.escape(latex, quote=True)
    mathml = _MINUS_SIGN.sub(r'\1<mo form="prefix">&#x02212;</mo>', mathml)
    if pointed != latex:
        mathml = _POINT.sub(r"<mn>\1,\2</mn>", mathml)
    return mathml.replace("<math ", f'<math alttext="{alternative}" ', 1)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(
        parser,
        allow_labels=False,
        allow_space=True,
        allow_digits=True,
        double_inline=True,
        renderer=lambda content, options: to_mathml(
            content.strip(), block=bool(options.get("display_mode"))
        ),
    )
    return parser
