"""What the lists tell of a number of people: fits of capture models, and their checks."""
