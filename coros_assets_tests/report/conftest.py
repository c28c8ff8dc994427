"""Pages that many tests of the report look at, rendered once."""

from __future__ import annotations

import pytest
from lxml import html

from coros_assets.report.page import render_report
from coros_assets_tests.report import synthetic


@pytest.fixture(scope="session")
def page() -> str:
    """The report of a runner with about 350 runs and three answers."""
    return render_report(synthetic.finished(), synthetic.GENERATED_AT, "1.2.3")


@pytest.fixture(scope="session")
def beginner_page() -> str:
    """The report of a runner for whom nothing can be answered yet."""
    return render_report(synthetic.beginner(), synthetic.GENERATED_AT, "1.2.3")


@pytest.fixture(scope="session")
def empty_page() -> str:
    """The report before the first file."""
    return render_report(synthetic.nothing(), synthetic.GENERATED_AT, "1.2.3")


@pytest.fixture
def document(page: str) -> html.HtmlElement:
    """The report as a tree."""
    return html.document_fromstring(page)
