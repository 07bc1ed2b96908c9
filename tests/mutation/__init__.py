"""Single changes of the codebook and the exports, and what a build makes of each."""
