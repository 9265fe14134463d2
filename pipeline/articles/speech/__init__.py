"""Speech: who speaks in each sentence of an article."""
