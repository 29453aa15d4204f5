"""The words that every room uses: frozen values and enums, standard library only."""
