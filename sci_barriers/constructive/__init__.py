"""What can be computed of Ω(K, L): K - 1 digits from unbounded data, K - 2 digits from one datum (Theorem 2)."""

from sci_barriers.constructive.algorithms import from_one_datum, sufficient_precision, until_known
from sci_barriers.constructive.certificate import no_reads_certificate, reach_certificates, reads_certificate
from sci_barriers.constructive.network import SoftNetwork
from sci_barriers.constructive.oracles import LimitedOracle, SampledOracle
from sci_barriers.constructive.reach import Reach, reach, without_reads
from sci_barriers.constructive.remaining import Left, Remaining
from sci_barriers.constructive.union import OmegaUnion

__all__ = [
    "Left",
    "LimitedOracle",
    "OmegaUnion",
    "Reach",
    "Remaining",
    "SampledOracle",
    "SoftNetwork",
    "from_one_datum",
    "no_reads_certificate",
    "reach",
    "reach_certificates",
    "reads_certificate",
    "sufficient_precision",
    "until_known",
    "without_reads",
]
