"""Servers on loopback that behave as arXiv, a model provider and GitHub do, faults included."""
