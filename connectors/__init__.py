"""All that talks to the outside. Bytes and protocol replies stay inside; terms go in and come out."""
