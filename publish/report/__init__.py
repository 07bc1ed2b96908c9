"""The report in Word: a template that its author writes, filled from what may be published."""
