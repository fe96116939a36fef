"""Cases of HTX spot. Sections cited as htx§n are those of the venue's specification."""
