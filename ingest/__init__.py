"""From a raw export and a codebook to the `raw` and `codebook` schemas of a warehouse."""
