"""`python -m mockex` is `mockex`."""

from mockex.cli import main

main()
