"""What only a person can say of a drafted edition: one decision after another, in one place."""
