"""Data sets for researchers: what they hold, the formats they come in, and the papers that go with them."""
