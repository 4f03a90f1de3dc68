"""One spaCy component a file; each finds one kind of tag."""
