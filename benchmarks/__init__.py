"""What the warehouse costs, beside what people would use instead."""
