"""Roomful's chat: rooms, messages, pictures and people. Whole without its bots."""
