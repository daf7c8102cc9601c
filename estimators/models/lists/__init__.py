"""Capture histories: how many stand on no list, under models that say so explicitly."""
