"""Codes events: frames, roles, modality, stages, attribution."""
