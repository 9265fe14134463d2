"""The peers: other ways of labelling sentences, trained on our corpus and measured beside ours.

Each module imports its libraries when it is used, so that each peer's start and memory are its own.
"""
