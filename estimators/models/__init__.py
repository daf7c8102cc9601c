"""What may have happened: evidence in, a PyMC model out."""
