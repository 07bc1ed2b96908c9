"""What the models compute that SQL cannot say well: change, what may be published, agreement."""
