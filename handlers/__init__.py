"""Every place where the world touches the product; each file translates and calls the desk."""
