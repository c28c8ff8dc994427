"""Sync: what COROS has of a runner, brought into landing and the wellness file through its MCP server.

Belongs here: login, polite and bounded requests, replies at the border, cursors. Does not: what the files
mean (`wellness/`, `formats/`), or taking them into bronze (`bronze/`). Needs the extra `coros-assets[sync]`.
"""
