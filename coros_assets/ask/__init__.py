"""Questions in plain language: a model elsewhere writes SQL, and what may be run is run here."""
