"""One file for each image model behind one interface, and the table of them."""

from bot.engines.engine import Engine
from bot.engines.local import Local

ENGINES: dict[str, type[Engine]] = {"local": Local}
