"""The class board: a small server that collects a class's runs, and the page that shows them."""
