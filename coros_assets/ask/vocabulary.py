"""What a statement that a model wrote may be made of: tables, functions, types, operators.

Belongs here: the lists, of what is allowed alone. A list of what is forbidden is never complete:
`generate_series(1, 1e9)` is a harmless name. Does not: holding a statement against them (`guard.py`).

Left out on purpose is whatever makes values or rows grow: text put together (`||`, `string_agg`, `repeat`,
`replace`), arrays put together, rows made from nothing, grouping sets, recursion, regular expressions.
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from coros_assets.contract import Table
from coros_assets.tables import GOLD_TABLES, GOLD_VIEWS

PUBLISHED: Final[tuple[Table, ...]] = (*GOLD_TABLES, *GOLD_VIEWS)
SCHEMA: Final = "gold"
COLUMNS: Final = {table.name: frozenset(table.arrow_schema.names) for table in PUBLISHED}
"""The columns of each table and view that the reader may see."""

CATALOGUE_NAMES: Final = frozenset({SCHEMA, *COLUMNS, *frozenset().union(*COLUMNS.values())})

FUNCTIONS: Final[dict[str, type[exp.Expr]]] = {
    # over many rows
    "avg": exp.Avg,
    "bool_and": exp.LogicalAnd,
    "bool_or": exp.LogicalOr,
    "corr": exp.Corr,
    "count": exp.Count,
    "covar_pop": exp.CovarPop,
    "covar_samp": exp.CovarSamp,
    "max": exp.Max,
    "min": exp.Min,
    "mode": exp.Mode,
    "percentile_cont": exp.PercentileCont,
    "percentile_disc": exp.PercentileDisc,
    "regr_intercept": exp.RegrIntercept,
    "regr_r2": exp.RegrR2,
    "regr_slope": exp.RegrSlope,
    "stddev": exp.Stddev,
    "stddev_pop": exp.StddevPop,
    "stddev_samp": exp.StddevSamp,
    "sum": exp.Sum,
    "var_pop": exp.VariancePop,
    "var_samp": exp.Variance,
    # over a window
    "cume_dist": exp.CumeDist,
    "dense_rank": exp.DenseRank,
    "first_value": exp.FirstValue,
    "lag": exp.Lag,
    "last_value": exp.LastValue,
    "lead": exp.Lead,
    "nth_value": exp.NthValue,
    "ntile": exp.Ntile,
    "percent_rank": exp.PercentRank,
    "rank": exp.Rank,
    "row_number": exp.RowNumber,
    # numbers
    "abs": exp.Abs,
    "ceil": exp.Ceil,
    "exp": exp.Exp,
    "floor": exp.Floor,
    "greatest": exp.Greatest,
    "least": exp.Least,
    "ln": exp.Ln,
    "log": exp.Log,
    "mod": exp.Mod,
    "power": exp.Pow,
    "round": exp.Round,
    "sign": exp.Sign,
    "sqrt": exp.Sqrt,
    "trunc": exp.Trunc,
    "width_bucket": exp.WidthBucket,
    # dates and times
    "age": exp.Anonymous,
    "date_trunc": exp.TimestampTrunc,
    "extract": exp.Extract,
    "make_date": exp.Anonymous,
    "make_interval": exp.MakeInterval,
    "now": exp.CurrentTimestamp,
    "to_char": exp.TimeToStr,
    # texts, lists, empty values
    "cardinality": exp.Anonymous,
    "coalesce": exp.Coalesce,
    "left": exp.Left,
    "length": exp.Length,
    "lower": exp.Lower,
    "nullif": exp.Nullif,
    "right": exp.Right,
    "split_part": exp.SplitPart,
    "starts_with": exp.StartsWith,
    "substring": exp.Substring,
    "upper": exp.Upper,
}
"""Functions by PostgreSQL's name, and what stands for each in the parse tree."""

UNNAMED_IN_TREE: Final = frozenset(name for name, node in FUNCTIONS.items() if node is exp.Anonymous)

_TYPES: Final = (
    *("BIGINT", "BOOLEAN", "CHAR", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "INT", "INTERVAL", "SMALLINT"),
    *("TEXT", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"),
)
TYPES: Final = frozenset(exp.DType[name] for name in _TYPES)
"""What a value may be cast to: no name of a table or function, nothing nested."""

_CLAUSES: Final = (
    *(exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE),
    *(exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Distinct),
    *(exp.Limit, exp.Offset, exp.Fetch, exp.LimitOptions),
    *(exp.Table, exp.TableAlias, exp.Column, exp.Alias, exp.Identifier, exp.Star),
    *(exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup),
)
_VALUES: Final = (
    *(exp.Literal, exp.Boolean, exp.Null, exp.Interval, exp.Var, exp.Kwarg, exp.Paren, exp.Tuple),
    *(exp.Cast, exp.DataType, exp.DataTypeParam, exp.Case, exp.If, exp.AtTimeZone),
    *(exp.CurrentDate, exp.Localtimestamp),
)
_OPERATORS: Final = (
    *(
        exp.And,
        exp.Or,
        exp.Not,
        exp.EQ,
        exp.NEQ,
        exp.GT,
        exp.GTE,
        exp.LT,
        exp.LTE,
        exp.Is,
        exp.Between,
        exp.In,
    ),
    *(exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike, exp.Any, exp.Exists),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg),
)
NODES: Final = frozenset({*_CLAUSES, *_VALUES, *_OPERATORS, *FUNCTIONS.values()})
"""Every kind of node that a statement's parse tree may have."""
