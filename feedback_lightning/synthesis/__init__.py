"""Programs made rather than collected: buggy ones from correct ones, each with its repair and a hint."""
