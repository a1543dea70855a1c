"""What can be computed: FIRENETs, networks that unroll a restarted primal-dual iteration for (P3)."""

__version__ = "0.1.0"

from firenet_exact.network import FirenetParameters, forward

__all__ = ["FirenetParameters", "__version__", "forward"]
