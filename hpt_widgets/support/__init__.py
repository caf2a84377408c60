"""What all other parts stand on: arguments, colours, pictures, folders, TensorFlow's one import."""
