"""Nouns become Block Kit; every message is rendered from the brief as it is now."""
