"""What the product promises of customer value."""
