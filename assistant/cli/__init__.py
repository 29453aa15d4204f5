"""The command line. Each module holds the commands of one subject; heavy packages are imported where they are used."""
