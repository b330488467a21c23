"""Pixels: one operation, one file. Plain functions of pictures; nothing here knows Slack, disk or network."""
