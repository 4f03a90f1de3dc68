"""Dateline, the application: command line, run loop, schedule, demonstration."""
