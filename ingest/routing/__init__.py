"""Routing: expressions, what they may name, and whom each question was asked."""
