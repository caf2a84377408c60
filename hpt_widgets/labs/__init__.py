"""The widgets of the laboratory. Nothing outside this folder knows of a screen."""
