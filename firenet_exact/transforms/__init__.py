"""Fast transforms of arrays whose sides are powers of two, each with what is known of its error."""
