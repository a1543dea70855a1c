"""What can be computed: null space properties, certified or refuted, and networks that unroll an iteration for (P3).

A first use needs `read_matrix`, `Levels`, `decide`, `solve` and `recovery_certificate`. The names below are loaded when
they are first used; all others are imported from their rooms, such as `firenet_exact.null_space`.
"""

from typing import TYPE_CHECKING

from exact_base import __version__ as __version__

_HOMES = {
    # matrices and vectors, exact as they are given
    "exact_matrix": "exact_base.matrices",
    "exact_column": "exact_base.matrices",
    "read_matrix": "exact_base.readers",
    "read_vector": "exact_base.readers",
    # the null space property: sparsity in levels, methods
    "Levels": "firenet_exact.levels",
    "NullSpaceProperty": "firenet_exact.null_space",
    "Refutation": "firenet_exact.null_space",
    "by_coherence": "firenet_exact.null_space",
    "decide": "firenet_exact.null_space",
    "largest": "firenet_exact.null_space",
    "refute": "firenet_exact.null_space",
    "search": "firenet_exact.null_space",
    # the network of Theorem 3, and that of the paper
    "Firenet": "firenet_exact.network",
    "PublishedParameters": "firenet_exact.published",
    "forward": "firenet_exact.arithmetic",
    "network_parameters": "firenet_exact.parameters",
    "operator_norm": "firenet_exact.norms",
    "own_parameters": "firenet_exact.parameters",
    "published_forward": "firenet_exact.published",
    # recovery: bounds for a vector, and attacks on a map
    "AssumedProperty": "firenet_exact.recovery",
    "certify_coefficients": "firenet_exact.recovery",
    "certify_recovery": "firenet_exact.recovery",
    "solve": "firenet_exact.recovery",
    "worst_perturbation": "firenet_exact.stability",
    # images: what is proved of a mask
    "Compressibility": "firenet_exact.imaging.given",
    "Noise": "firenet_exact.imaging.given",
    "ImageOperator": "firenet_exact.imaging.operators",
    "Subbands": "firenet_exact.imaging.subbands",
    "certify_image": "firenet_exact.imaging.recovery",
    "certify_mask": "firenet_exact.imaging.choose",
    "walsh_inverse": "firenet_exact.imaging.property",
    "walsh_property": "firenet_exact.imaging.property",
    # certificates
    "forward_certificate": "firenet_exact.certificates.forward_error",
    "image_certificate": "firenet_exact.certificates.recovery_walsh",
    "norm_certificate": "firenet_exact.certificates.operator_norm",
    "null_space_certificate": "firenet_exact.certificates.null_space",
    "recovery_certificate": "firenet_exact.certificates.recovery",
    "refutation_certificate": "firenet_exact.certificates.null_space_refuted",
    "walsh_certificate": "firenet_exact.certificates.null_space_walsh",
    # errors
    "DataError": "exact_base.errors",
    "NotCertifiedError": "exact_base.errors",
    "UsageError": "exact_base.errors",
}

if TYPE_CHECKING:
    from exact_base.errors import DataError as DataError
    from exact_base.errors import NotCertifiedError as NotCertifiedError
    from exact_base.errors import UsageError as UsageError
    from exact_base.matrices import exact_column as exact_column
    from exact_base.matrices import exact_matrix as exact_matrix
    from exact_base.readers import read_matrix as read_matrix
    from exact_base.readers import read_vector as read_vector
    from firenet_exact.arithmetic import forward as forward
    from firenet_exact.certificates.forward_error import forward_certificate as forward_certificate
    from firenet_exact.certificates.null_space import null_space_certificate as null_space_certificate
    from firenet_exact.certificates.null_space_refuted import refutation_certificate as refutation_certificate
    from firenet_exact.certificates.null_space_walsh import walsh_certificate as walsh_certificate
    from firenet_exact.certificates.operator_norm import norm_certificate as norm_certificate
    from firenet_exact.certificates.recovery import recovery_certificate as recovery_certificate
    from firenet_exact.certificates.recovery_walsh import image_certificate as image_certificate
    from firenet_exact.imaging.choose import certify_mask as certify_mask
    from firenet_exact.imaging.given import Compressibility as Compressibility
    from firenet_exact.imaging.given import Noise as Noise
    from firenet_exact.imaging.operators import ImageOperator as ImageOperator
    from firenet_exact.imaging.property import walsh_inverse as walsh_inverse
    from firenet_exact.imaging.property import walsh_property as walsh_property
    from firenet_exact.imaging.recovery import certify_image as certify_image
    from firenet_exact.imaging.subbands import Subbands as Subbands
    from firenet_exact.levels import Levels as Levels
    from firenet_exact.network import Firenet as Firenet
    from firenet_exact.norms import operator_norm as operator_norm
    from firenet_exact.null_space import NullSpaceProperty as NullSpaceProperty
    from firenet_exact.null_space import Refutation as Refutation
    from firenet_exact.null_space import by_coherence as by_coherence
    from firenet_exact.null_space import decide as decide
    from firenet_exact.null_space import largest as largest
    from firenet_exact.null_space import refute as refute
    from firenet_exact.null_space import search as search
    from firenet_exact.parameters import network_parameters as network_parameters
    from firenet_exact.parameters import own_parameters as own_parameters
    from firenet_exact.published import PublishedParameters as PublishedParameters
    from firenet_exact.published import published_forward as published_forward
    from firenet_exact.recovery import AssumedProperty as AssumedProperty
    from firenet_exact.recovery import certify_coefficients as certify_coefficients
    from firenet_exact.recovery import certify_recovery as certify_recovery
    from firenet_exact.recovery import solve as solve
    from firenet_exact.stability import worst_perturbation as worst_perturbation
else:  # a name that is not there is an error to type checkers too, which take any name of a module with a __getattr__
    from exact_base.faces import loader

    __getattr__ = loader(__name__, _HOMES)

__all__ = sorted(_HOMES)


def __dir__() -> list[str]:
    return __all__
