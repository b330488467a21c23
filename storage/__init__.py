"""What is remembered: briefs, events, messages, jobs and pictures."""
