"""Small made-up parts of the product, which show what adding one takes."""
