"""Cases of OKCoin Japan v3. Sections cited as okj§n are those of the venue's specification."""
