"""An answer as Markdown that a page may show: no addresses, images, HTML, formulas or directives but our own.

What a model writes keeps its paragraphs, lists, tables, bold and italics. All else of it is shown as it was written,
unless it is an address: that is left out, for some programs make a link of it wherever it stands.
"""

import re
from typing import Final

from core.coach.grounded import Grounded, Part
from core.coach.number_words import FOREIGN, spelt
from core.coach.values import Text
from core.formats import one_line, printable

LEFT_OUT: Final = "(address left out)"
LONGEST_NAME: Final = 40
"""A text from outside that is longer, or holds a figure or a number in words, is shown as a quotation."""
_BREAK: Final = "\u2060"
"""A word joiner: it is not seen, and stops a pattern from being read as markup."""
_FIRST_PART: Final = 0xF0000
_STAND_IN: Final = re.compile("[\U000f0000-\U000fffff]")
_MARKED: Final = re.compile(r":orange-background\[((?:\\.|[^\]\\])* \?)\]")
_BOLD, _NO_BOLD, _ITALIC, _NO_ITALIC = "\ue001", "\ue002", "\ue003", "\ue004"
_MARKUP: Final = {_BOLD: "**", _NO_BOLD: "**", _ITALIC: "*", _NO_ITALIC: "*"}

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
_ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]*\s*:\s*(?:/|\\){2}\S*"
    r"|\b(?:mailto|javascript|data|tel|file|vbscript|xmpp|blob|ftp|sms|geo|callto|whatsapp)\s*:\s*(?=\S)\S*"
    r"|(?<![\w/])//\w\S*"
    r"|\bwww\s?[.。\uff0e｡]\S*"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[:/?]\S+)"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)*",
    re.IGNORECASE,
)
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!|<>~$^=&-])")
_COLON: Final = re.compile(r":(?=\S)")
_FENCE: Final = re.compile(r"^ *(?:`{3,}|~{3,})[\w+-]* *$")
_QUOTED: Final = re.compile(r"^ *(?:> ?)+(?=\S)")
_BLOCK: Final = re.compile(r"^( *)(?:(\d{1,3})[.)] +|[-*+•] +)(?=\S)")
_HEADING: Final = re.compile(r"^ *#{1,6} +(.+?) *#*$")
_RULE: Final = re.compile(r"^ *(?:[-*_=] *){3,}$|^ *[-=]+ *$")
_TABLE_RULE: Final = re.compile(r"^ *\|?(?: *:?-+:? *\|)+(?: *:?-+:?)? *\|? *$")
_STRONG: Final = re.compile(r"(?<!\*)\*\*(?=[^\s*])((?:[^*\n]|\*(?!\*))+?)(?<=[^\s*])\*\*(?!\*)")
_STRESSED: Final = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?!\w)"
)


def safe_markdown(grounded: Grounded) -> str:
    """Return an answer for st.markdown, without unsafe_allow_html; what no tool told stands out in orange."""
    text, parts = _apart(grounded)
    lines = "\n".join(_line(line) for line in text.split("\n"))
    return _STAND_IN.sub(lambda found: _shown(parts[found[0]]), lines)


def without_colours(markdown: str) -> str:
    """Return what `safe_markdown` made for any other program: what no tool told stands out in bold."""
    return _MARKED.sub(r"**\1**", markdown)


def plain_words(text: str) -> str:
    """Return words from elsewhere so that Markdown and Streamlit read nothing into them."""
    seen = _UNSEEN.sub("", one_line(text))
    broken = re.sub(r":(?=\S)|@|(?i:(?<=ww)w|(?<=htt)p(?=s?:))|(?<=[-<])-|-(?=>)|(?<=[<>!])=", rf"\g<0>{_BREAK}", seen)
    return _SPECIAL.sub(r"\\\1", re.sub(r"(?<=/)/", f"{_BREAK}/", broken))


def plain_answer(grounded: Grounded) -> str:
    """Return an answer as text, without addresses: what no tool told stands in brackets with a question mark."""
    text, parts = _apart(grounded)
    shown = _STAND_IN.sub(lambda found: _written(parts[found[0]]), _ADDRESS.sub(LEFT_OUT, text))
    return "\n".join(printable(line).rstrip() for line in shown.split("\n"))


def _apart(grounded: Grounded) -> tuple[str, dict[str, Part]]:
    """Return the words of an answer with a sign for each part that is not its writer's, and these parts by sign."""
    stretches: list[str] = []
    parts: dict[str, Part] = {}
    for one in grounded.parts:
        if one.kind == "words" or (one.kind == "matched" and not isinstance(one.leaf, Text)):
            stretches.append(_UNSEEN.sub("", one.text))
        else:
            sign = chr(_FIRST_PART + len(parts))
            parts[sign] = one
            stretches.append(sign)
    return "".join(stretches).replace("\t", " "), parts


def _shown(one: Part) -> str:
    words = plain_words(one.text)
    if one.kind == "unmatched":
        return f":orange-background[{words} ?]"
    return f"“{words}”" if _is_quotation(one) else words


def _written(one: Part) -> str:
    words = one_line(one.text)
    if one.kind == "unmatched":
        return f"[{words} ?]"
    return f"“{words}”" if _is_quotation(one) else words


def _is_quotation(one: Part) -> bool:
    return isinstance(one.leaf, Text) and (
        len(one.text) > LONGEST_NAME
        or any(map(str.isnumeric, one.text))
        or next(spelt(one.text), None) is not None
        or FOREIGN.search(one.text) is not None
    )


def _line(line: str) -> str:
    if not line.strip():
        return ""
    if _TABLE_RULE.match(line) and "|" in line:
        return line.strip()
    if _RULE.match(line) or _FENCE.match(line):
        return ""
    line = _QUOTED.sub("", line)
    heading = _HEADING.match(line)
    if heading:
        return f"**{_inline(heading[1].replace('*', ''))}**"
    block = _BLOCK.match(line)
    if block:
        indent = " " * min(len(block[1]) // 2 * 2, 8)
        return f"{indent}{f'{block[2]}.' if block[2] else '-'} {_inline(line[block.end() :])}"
    text = line.strip()
    if text.startswith("|"):
        return "|".join(_inline(cell) for cell in text.split("|"))
    # Two blanks at a line's end break it, as its writer saw it.
    return f"{_inline(text)}{'  ' if line.endswith('  ') else ''}"


def _inline(text: str) -> str:
    text = _ADDRESS.sub(LEFT_OUT, text)
    text = _STRONG.sub(rf"{_BOLD}\1{_NO_BOLD}", text)
    text = _STRESSED.sub(lambda found: f"{_ITALIC}{found[1] or found[2]}{_NO_ITALIC}", text)
    text = _SPECIAL.sub(r"\\\1", _COLON.sub(f":{_BREAK}", text))
    first = re.match(r"(\d+)([.)])(?=\s)", text)
    if first:
        text = f"{first[1]}\\{text[first.start(2) :]}"
    return re.sub("[\ue001-\ue004]", lambda found: _MARKUP[found[0]], text)
