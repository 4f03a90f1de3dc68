"""The commands that read and export the store; they parse, call one function, print."""
