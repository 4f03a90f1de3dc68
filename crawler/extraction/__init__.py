"""Reads one page into one article: text, headline, byline, dates, whatever the page says of itself."""
