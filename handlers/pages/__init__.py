"""What a browser or a monitor asks of the bot itself."""
