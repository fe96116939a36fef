"""One folder per exchange. A folder with a `VENUE` is a venue; nothing lists them."""
