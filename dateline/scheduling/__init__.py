"""What is done at its hours: who is due, who does it, and what came of it."""
