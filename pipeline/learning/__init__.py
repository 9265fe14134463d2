"""Learning: features, linear classifiers, calibration, training, tuning and evaluation."""
