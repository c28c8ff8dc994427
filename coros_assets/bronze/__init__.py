"""Bronze: landed files kept as they are, by the hash of their content, with a catalogue by date.

Belongs here: taking files in, once, whole, or into quarantine. Does not: cleaning (`silver/`).
"""
