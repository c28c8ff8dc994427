"""The Power BI project: a model of gold's tables and a report on it, as text for `powerbi/`.

Belongs here: what is generated of the project, and the views that only Power BI needs. Does not: the
measures, which are written by hand in `powerbi/Coros.SemanticModel/definition/tables/Measures.tmdl`.
"""
