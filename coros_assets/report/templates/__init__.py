"""The page and its style sheet, as package data."""
