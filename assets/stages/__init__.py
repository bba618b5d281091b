"""The stages as plain functions over a workshop: each takes up whatever is pending, so a killed run is simply run again."""
