"""Training and recovery answers for runners who work shifts."""
