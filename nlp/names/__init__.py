"""Finds who and what is named, and ties every mention to one entity."""
