"""Whether everything that is kept is still what was written, and all of it is there.

Belongs here: looking. Does not: making anything again (`bronze/mend.py`, `commands/rebuild.py`).
"""
