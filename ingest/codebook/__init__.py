"""The codebook: its shape, its rules, and how it is loaded."""
