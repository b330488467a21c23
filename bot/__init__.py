"""The core: knows, decides, draws and says. It imports neither storage nor handlers."""
