"""Editorial text bound to what stands: placeholders filled, and claims judged."""
