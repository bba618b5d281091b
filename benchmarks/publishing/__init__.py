"""A large generated home to publish from: vendors with years of history, and comparisons of their products."""
