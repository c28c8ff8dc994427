"""What a DAX or an M expression names, and whether it is one.

Belongs here: syntax and names. Does not: whether what is named exists (`references.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from pbi_parsers import dax, pq
from pbi_parsers.dax.tokens import TokenType as Dax
from pbi_parsers.pq.tokens import TokenType as M

DATE_UNITS = {"DAY", "MONTH", "QUARTER", "YEAR"}
M_TYPES = {"text", "datetime"}
_BLANK = {Dax.WHITESPACE, Dax.SINGLE_LINE_COMMENT, Dax.MULTI_LINE_COMMENT}
_M_BLANK = {M.WHITESPACE, M.SINGLE_LINE_COMMENT, M.MULTI_LINE_COMMENT}
_LIST_OF_NAMES = re.compile(r'\{("\w+"), (?:"\w+", )*"\w+"\}')
"""As good an expression as the list of its first name, which the parser reads in a fiftieth of the time."""

_ENDS = {")", "}", "]", "in"}


@dataclass
class Names:
    """Tables, columns (with their table) and measures of a DAX expression."""

    tables: set[str] = field(default_factory=set)
    columns: set[tuple[str, str]] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)


@cache
def syntax_error(text: str, language: str) -> str | None:
    """Why the text is no expression of `dax` or `pq`; None if it is one."""
    parser = {"dax": dax, "pq": pq}[language]
    try:
        parser.to_ast(_LIST_OF_NAMES.sub(r"{\1}", text))
    except (AssertionError, ValueError) as error:
        return f"no {language} expression: {error or 'something is left over'}"
    words = [token.text for token in parser.Lexer(text).scan() if token.text.strip()]
    if any(left == "," and right in _ENDS for left, right in pairwise(words)):
        return "a comma before an end"
    return None


def dax_names(text: str) -> Names:
    """What a DAX expression names."""
    tokens = [token for token in dax.Lexer(text).scan() if token.tok_type not in _BLANK]
    identifiers = {Dax.UNQUOTED_IDENTIFIER, Dax.SINGLE_QUOTED_IDENTIFIER}
    variables = {name.text for word, name in pairwise(tokens) if word.tok_type is Dax.VARIABLE}
    names = Names()
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.tok_type is Dax.BRACKETED_IDENTIFIER:
            if before is not None and before.tok_type in identifiers:
                names.columns.add((before.text.strip("'"), token.text[1:-1]))
            else:
                names.measures.add(token.text[1:-1])
        elif token.tok_type in identifiers:
            follows = after.tok_type if after is not None else None
            known = token.text in variables or token.text in DATE_UNITS
            if follows not in {Dax.LEFT_PAREN, Dax.BRACKETED_IDENTIFIER} and not known:
                names.tables.add(token.text.strip("'"))
    return names


def m_names(text: str) -> set[str]:
    """The names that an M expression takes from elsewhere in the model."""
    tokens = [token for token in pq.Lexer(text).scan() if token.tok_type not in _M_BLANK]
    types = [None, *(token.tok_type for token in tokens), None, None]
    bound, used = set(M_TYPES), set()
    for at, token in enumerate(tokens):
        before, after, then = types[at], types[at + 2], types[at + 3]
        if token.tok_type is not M.UNQUOTED_IDENTIFIER or M.PERIOD in {before, after} or before is M.TYPE:
            continue
        is_field = before is M.LEFT_BRACKET and after is M.RIGHT_BRACKET
        is_parameter = after is M.RIGHT_PAREN and then is M.LAMBDA_ARROW
        (bound if after is M.EQUAL_SIGN or is_parameter or is_field else used).add(token.text)
    return used - bound
