"""Replies to prompts: from the local model or from an OpenAI-compatible endpoint."""
