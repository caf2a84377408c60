"""One module of judges and one TOML file of words and code for each chapter."""
