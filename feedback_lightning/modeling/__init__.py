"""The base model, attention over segments, the loss, FeedbackModule."""
