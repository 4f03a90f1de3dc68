"""Describes sites as sources, and tries sources against their sites."""
