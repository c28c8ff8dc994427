"""The three answers: statistics on runs, and the views they start from."""
