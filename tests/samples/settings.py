"""Settings as files hold them."""

LENIENT = """
features: {bits: 14}
retraining: {margin: 1.0, label_fall: 1.0, calibration_rise: 1.0, samples: 100, behaviour: ""}
"""
"""With which retraining is quick, and promotes nearly any challenger."""
