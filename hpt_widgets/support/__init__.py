"""Shared by all parts: argument validation, colours, pictures, folders, TensorFlow's import."""
