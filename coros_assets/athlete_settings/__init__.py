"""The athlete file as an input of the platform: found, taken in, kept when the next one is bad.

Belongs here: the asset and its loading. Does not: what the file may say (`coros_assets/athlete.py`).
"""
