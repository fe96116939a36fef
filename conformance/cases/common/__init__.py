"""Cases that venues share: each runs for every venue whose facts name a source for it."""
