"""What was fetched, kept for good: the bytes by their SHA-256, and the log of what cannot be made again."""
