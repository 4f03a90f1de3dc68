"""Collects news pages politely and completely, and reads articles from them."""
