"""Sketch drafts: layout, palette and copy to decide on, drawn without any model."""
