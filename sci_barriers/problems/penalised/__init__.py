"""An audit of somebody's own data: how far the coefficients that a library returned are from the true minimiser."""
