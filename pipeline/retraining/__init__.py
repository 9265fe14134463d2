"""Retraining: a challenger against the version in use, the schedule, and drift."""
