"""Tools for who writes the codebook: drafts of a new edition, codes of open answers."""
