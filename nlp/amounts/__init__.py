"""Finds quantities: numbers, units, what is measured, which way it moves."""
