"""The rules: what a command does to a brief. Values in, an Outcome out; no clock, disk, network or Slack."""
