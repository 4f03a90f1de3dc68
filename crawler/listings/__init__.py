"""Finds the addresses of articles in feeds, sitemaps and section pages."""
