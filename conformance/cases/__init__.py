"""Cases of the conformance suite, found by listing the folders."""
