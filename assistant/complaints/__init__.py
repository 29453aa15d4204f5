"""Complaint models: the shipped ones, how they are trained, and how well they do. The judging itself is in rules."""
