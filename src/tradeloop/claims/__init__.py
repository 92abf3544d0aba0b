"""The buyer does not pay: by when what must be said, and what the insurers pay."""
