"""Schema and readers, tokenising, order, packing, FeedbackDataModule."""
