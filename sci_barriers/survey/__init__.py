"""Where solvers stop being right as two columns become equal."""
