"""What a browser, a monitor and a feed reader are shown; the web view grows here."""
