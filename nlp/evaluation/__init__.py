"""Scores the tagger on texts whose right tags are known: one file a task, each with its definitions."""
