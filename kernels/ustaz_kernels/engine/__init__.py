"""The seat of the language model: one interface, several makers."""
