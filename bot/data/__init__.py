"""Data that a person who does not program can read and extend."""
