"""Great Expectations suites, as code: the raw exports, the codebook, the routing."""
