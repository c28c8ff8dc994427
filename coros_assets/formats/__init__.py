"""Bytes of activity files to Arrow: sniffing, decompressing and reading, all pure.

Belongs here: what a file format means. Does not: whether its values are plausible
(`silver/clean.py`) or where the bytes come from (`bronze/`).
"""
