"""Saved searches that tell of what they find: what fires, where it is sent, when, and how often it is tried."""
