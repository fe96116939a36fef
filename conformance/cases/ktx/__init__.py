"""Cases of KTX, spot and perpetuals. Sections cited as ktx§n are those of the venue's specification."""
