"""How often the intervals of the warehouse hold what is true, in populations that are made up."""
