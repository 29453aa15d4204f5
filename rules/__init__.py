"""The ground floor: the shared words and every decision. Pure values in, pure values out; no I/O, no clock."""
