"""What the `coros-assets` commands do, apart from words on the screen.

Belongs here: starting runs, copying files into landing, counting. Does not: arguments and printing
(`cli.py`), or any layer's logic.
"""
