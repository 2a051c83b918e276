"""People and the firms they belong to: who may enter, and for whom they act."""
