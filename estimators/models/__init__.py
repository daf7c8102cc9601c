"""What may have happened: evidence in, one joint density out."""
