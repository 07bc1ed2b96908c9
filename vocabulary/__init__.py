"""What every part of the house has in common: closed lists, thresholds, rounding, keys, words."""
