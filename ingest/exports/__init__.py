"""Exports: read into grids, landed cell by cell, checked against the codebook."""
