"""Programs made rather than collected: the corpus and the pretraining of the embedded base model."""
