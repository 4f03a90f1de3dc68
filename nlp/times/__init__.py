"""Finds time expressions and gives them TIMEX3 values."""
