"""`make fuzz`: a million requests and frames that are not as they should be, at every door of a real replica."""
