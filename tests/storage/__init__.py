"""Tests of the pool, on every database it may live in."""
