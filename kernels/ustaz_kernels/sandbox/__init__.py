"""The jail that student code runs in, and the judge beside it."""
