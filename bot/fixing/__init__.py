"""One change of one picture: where it goes, who makes it, and the proof that nothing else moved."""
