"""Reads the reference data and the registry of office-holders."""
