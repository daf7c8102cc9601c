"""What we believe: sampling, checking and varying estimates."""
