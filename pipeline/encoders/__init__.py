"""Encoders: pretrained models on disk that read sentences as vectors; finding, running and tuning them."""
