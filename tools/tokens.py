"""Tokens of Lean terms, enough for what Lean prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OPEN: Final = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⦃": "⦄"}
_ASCII: Final = {"->": "→", "<->": "↔", "<=": "≤", ">=": "≥", "/\\": "∧", "\\/": "∨", "λ": "fun", "↦": "=>"}
_LONG: Final = ("<->", "∃!", "->", "<=", ">=", "/\\", "\\/", "=>", ":=", "::", "++", "==", "!=", "&&", "||")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: `kind` is `name`, `number` or `symbol`; `start` and `end` are code point offsets."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens; ASCII spellings are normalised (`->` is `→`), unknown characters are symbols."""
    tokens, i = [], 0
    while i < len(text):
        if text[i].isspace():
            i += 1
            continue
        kind, end = _scan(text, i)
        tokens.append(Token(kind, _ASCII.get(text[i:end], text[i:end]), i, end))
        i = end
    return tokens


def _scan(text: str, i: int) -> tuple[str, int]:
    if text[i].isdigit() and text[i].isascii():
        end = i
        while end < len(text) and text[end].isascii() and text[end].isdigit():
            end += 1
        return "number", end
    start = i + 1 if text[i] in "@?" else i
    if _starts_name(text, start) and text[i] != "λ":
        return "name", _scan_name(text, start)
    for symbol in _LONG:
        if text.startswith(symbol, i):
            return "symbol", i + len(symbol)
    return "symbol", i + 1


def _starts_name(text: str, i: int) -> bool:
    return i < len(text) and (text[i].isalpha() or text[i] in "_«")


def _scan_name(text: str, i: int) -> int:
    while True:
        if text[i] == "«":
            i = text.find("»", i) + 1 or len(text)
        else:
            while i < len(text) and (text[i].isalnum() or text[i] in "_'!?✝"):
                i += 1
        dot = i < len(text) - 1 and text[i] == "."
        if not (dot and (_starts_name(text, i + 1) or text[i + 1].isdigit())):
            return i
        i += 1


def pair(tokens: list[Token]) -> dict[int, int] | None:
    """Index of the closing bracket of every opening one; None where they do not match."""
    stack: list[int] = []
    pairs = {}
    for i, token in enumerate(tokens):
        if token.kind == "symbol" and token.text in OPEN:
            stack.append(i)
        elif token.kind == "symbol" and token.text in OPEN.values():
            if not stack or OPEN[tokens[stack[-1]].text] != token.text:
                return None
            pairs[stack.pop()] = i
    return None if stack else pairs
