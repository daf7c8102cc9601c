"""What was said: claims, sources and quantities as frozen dataclasses."""
