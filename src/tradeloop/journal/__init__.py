"""What happened: append-only facts, a Merkle log over them, signed checkpoints and proofs."""
