"""What stands in `raw` for what is kept elsewhere."""

RESTRICTED_MARK = "[restricted]"
