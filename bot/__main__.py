"""``python -m bot`` is the shell door; the one upward import of the core."""

from handlers.cli import main

if __name__ == "__main__":
    main()
