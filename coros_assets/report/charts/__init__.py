"""The report's charts: each module draws one, `figure.py` pairs its two widths, `svg.py` makes it static."""
