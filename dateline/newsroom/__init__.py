"""A small newsroom on loopback: two editions of sample articles that the ordinary spiders crawl."""
