"""An answer as Markdown that a page may show: no addresses, images, HTML, formulas or directives but our own.

What a model writes keeps its paragraphs, lists, tables, bold and italics. All else of it is shown as it was written,
unless it is an address: that is left out, for some programs make a link of it wherever it stands.
"""

import re
from collections.abc import Sequence
from typing import Final

from core.coach.grounded import Grounded, Part
from core.coach.tools import Lead
from core.coach.turns import Found
from core.coach.values import Text
from core.formats import one_line, printable

LEFT_OUT: Final = "(address left out)"
LONGEST_NAME: Final = 40
"""A text from outside that is longer, or holds a figure, is shown as a quotation."""
MOST_LEADS: Final = 4
_BREAK: Final = "\u2060"
"""A word joiner: it is not seen, and stops a pattern from being read as markup."""
_FIRST_PART: Final = 0xF0000
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
    stretches: list[str] = []
    shown: dict[str, str] = {}
    for one in grounded.parts:
        if one.kind == "words" or (one.kind == "matched" and not isinstance(one.leaf, Text)):
            stretches.append(_UNSEEN.sub("", one.text))
        else:
            stand_in = chr(_FIRST_PART + len(shown))
            shown[stand_in] = _shown(one)
            stretches.append(stand_in)
    lines = [_line(line) for line in "".join(stretches).replace("\t", " ").split("\n")]
    text = "\n".join(lines)
    return re.sub("[\U000f0000-\U000fffff]", lambda found: shown[found[0]], text)


def plain_words(text: str) -> str:
    """Return words from elsewhere so that Markdown and Streamlit read nothing into them."""
    seen = _UNSEEN.sub("", one_line(text))
    broken = re.sub(r":(?=\S)|@|(?i:(?<=ww)w|(?<=htt)p(?=s?:))|(?<=[-<])-|-(?=>)|(?<=[<>!])=", rf"\g<0>{_BREAK}", seen)
    return _SPECIAL.sub(r"\\\1", re.sub(r"(?<=/)/", f"{_BREAK}/", broken))


def leads_of(found: Sequence[Found]) -> tuple[Lead, ...]:
    """Return where a person sees what an answer rests on, each place once, for "from: …" under it."""
    leads: list[Lead] = []
    for one in found:
        if one.result is not None:
            leads += [lead for lead in one.result.leads if lead not in leads]
    return tuple(leads[:MOST_LEADS])


def plain_answer(grounded: Grounded) -> str:
    """Return an answer for a terminal: what no tool told stands in brackets with a question mark."""
    shown = "".join(f"[{one.text} ?]" if one.kind == "unmatched" else one.text for one in grounded.parts)
    return "\n".join(printable(line) for line in shown.split("\n"))


def _shown(one: Part) -> str:
    words = plain_words(one.text)
    if one.kind == "unmatched":
        return f":orange-background[{words} ?]"
    foreign = isinstance(one.leaf, Text) and (any(map(str.isdigit, one.text)) or len(one.text) > LONGEST_NAME)
    return f"“{words}”" if foreign else words


def _line(line: str) -> str:
    if not line.strip():
        return ""
    if _TABLE_RULE.match(line) and "|" in line:
        return line.strip()
    if _RULE.match(line):
        return ""
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
