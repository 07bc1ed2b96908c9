"""The command line, and the build that it runs."""
