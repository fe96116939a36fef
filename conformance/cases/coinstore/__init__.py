"""Cases of Coinstore spot. Sections cited as cs§n are those of the venue's specification."""
