"""A Slack on this machine, as strict as Slack: Web API, Socket Mode, signed HTTP and a browser page.

It imports nothing of the product, so that any Slack app can be developed and tested against it:
``python -m bot.sandbox --manifest manifest.yml``.
"""
