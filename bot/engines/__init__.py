"""One file for each provider of image models behind one interface, and the table of them."""
