"""A reply's words become what is wanted; no Slack, no network, no model."""
