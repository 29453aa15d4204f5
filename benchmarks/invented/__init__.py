"""A made-up wholesaler's customers and post, with the truth about each mail: an independent test of the matching."""
