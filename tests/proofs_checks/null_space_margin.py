"""The instances of `margin_one` about norms and null spaces, and the mutants of theirs that are true."""

from tests.proofs_checks.cases import null_space, null_space_refuted, operator_norm

INSTANCES = {
    "operator-norm": operator_norm.EDGE,
    "operator-norm-complex": operator_norm.UNITARY,
    "null-space-relaxation": null_space.RELAXATION,
    "null-space-relaxation-complex": null_space.COMPLEX,
    "null-space-relaxation-levels": null_space.LEVELS,
    "null-space-relaxation-root": null_space.ROOT,
    "null-space-relaxation-products": null_space.PRODUCTS,
    "null-space-exhaustive": null_space.COMPLEX_EXHAUSTIVE,
    "null-space-coherence": null_space.COHERENCE_COMPLEX,
    "null-space-coherence-levels": null_space.COHERENCE_LEVELS,
    "null-space-transfer": null_space.TRANSFER,
    "null-space-refuted": null_space_refuted.EDGE,
    "null-space-refuted-irrational": null_space_refuted.IRRATIONAL,
    "null-space-refuted-root": null_space_refuted.ROOT_MODULUS,
}
ROOM = "I - H* A is no longer 0, for which rho leaves room, and the columns of H are no longer"
PRODUCTS = "what the products of the columns of H prove leaves room, as it is less than what their lengths do"
WIDER = "a wider interval, or one in which the norm still is"
ZERO_ROW = "a row of zeros: the same norm, kernel and products of columns"
SCALED_VECTOR = "a multiple of the vector: another witness of the same"
OTHER_FACTOR = "another factor whose residual is dominated: another witness of the same"
WEAKER = "a larger rho or gamma is a weaker claim, true with the same evidence"
SCALED_WEIGHTS = "all weights times one factor: the same property"
FEWER = "one level of sparsity 1 in place of two: fewer supports"
NEARER = "a matrix that is nearer to A'"
OTHER_ENTRY = "another matrix for which no entry of I - H* A that matters is larger"
OTHER_PRODUCTS = (
    "another matrix whose columns are no shorter, in the level that matters, and whose products are no larger"
)
SCALED_MATRIX = "a multiple of the matrix: the same kernel"
MORE_SPARSE = "a larger support, on which the same vector is larger"
OTHER_WEIGHTS = "other weights, for which |x_Dc|_w is smaller in comparison with |x_D|"
OTHER_KERNEL = "another matrix with this vector in its kernel, or another vector of the same kernel and moduli"
OTHER_ROOT = "the same matrix and vector in another field: x is still in the kernel, and its moduli as unequal"

SURVIVORS = {
    "operator-norm": {
        "claim.high +1 unit": WIDER,
        "claim.low -1 unit": WIDER,
        "claim.low zero": WIDER,
        "claim.low denominator +1": WIDER,
        "claim.matrix rows +1": ZERO_ROW,
        "evidence.factor (0,0) swap": OTHER_FACTOR,
        "evidence.factor denominator +1": OTHER_FACTOR,
        "evidence.factor cols +1": OTHER_FACTOR,
        "evidence.vector denominator +1": SCALED_VECTOR,
        "evidence.vector raw denominator +1": SCALED_VECTOR,
    },
    "operator-norm-complex": {
        "claim.high +1 unit": WIDER,
        "claim.low -1 unit": WIDER,
        "claim.low zero": WIDER,
        "claim.low denominator +1": WIDER,
        "claim.matrix rows +1": ZERO_ROW,
        "evidence.factor denominator +1": OTHER_FACTOR,
        "evidence.factor raw denominator +1": OTHER_FACTOR,
        "evidence.vector denominator +1": SCALED_VECTOR,
        "evidence.vector raw denominator +1": SCALED_VECTOR,
    },
    "null-space-relaxation": {
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
    },
    "null-space-relaxation-complex": {
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
    },
    "null-space-relaxation-levels": {
        **dict.fromkeys(("claim.gamma -1 unit", "claim.gamma denominator +1", "claim.rho denominator -1"), PRODUCTS),
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0 delete": FEWER,
    },
    "null-space-relaxation-root": {
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
        "claim.matrix (0,0)[0] +1 unit": OTHER_ENTRY,
        "claim.matrix (0,0)[0] -1 unit": OTHER_ENTRY,
        "claim.matrix (0,1)[0] -1 unit": OTHER_ENTRY,
        "claim.matrix (0,1)[2] -1 unit": OTHER_ENTRY,
        "claim.matrix (0,1) sign": OTHER_ENTRY,
        "claim.matrix (0,1) zero": OTHER_ENTRY,
        "claim.matrix (0,1) conjugate": OTHER_ENTRY,
        "claim.matrix (0,1) swap": OTHER_ENTRY,
        "claim.matrix (1,0)[0] +1 unit": OTHER_ENTRY,
        "claim.matrix (1,0)[0] -1 unit": OTHER_ENTRY,
        "claim.matrix (1,1)[0] +1 unit": OTHER_ENTRY,
        "claim.matrix (1,1)[0] -1 unit": OTHER_ENTRY,
        "claim.matrix denominator +1": OTHER_ENTRY,
        "claim.matrix raw denominator +1": OTHER_ENTRY,
    },
    "null-space-relaxation-products": {
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0.sparsity -1": "fewer columns in a support",
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
        **{f"claim.matrix (1,{j})[0] {sign}1 unit": ROOM for j in (0, 1) for sign in "+-"},
        "claim.rho denominator +1": "a smaller rho, of which I - H* A = 0 needs nothing, leaves more for gamma",
        "evidence.inverse (0,0)[0] -1 unit": ROOM,
        "evidence.inverse (0,1)[0] -1 unit": ROOM,
        "evidence.inverse denominator +1": ROOM,
        "evidence.inverse raw denominator +1": ROOM,
    },
    "null-space-exhaustive": {
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
    },
    "null-space-coherence": {
        "claim.gamma +1 unit": WEAKER,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
        "claim.matrix (0,0) sign": OTHER_PRODUCTS,
        "claim.matrix (0,1) sign": OTHER_PRODUCTS,
        "claim.matrix (0,1) conjugate": OTHER_PRODUCTS,
        "claim.matrix (1,0)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,1)[0] +1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,1)[2] +1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,1) sign": OTHER_PRODUCTS,
        "claim.matrix (1,1) conjugate": OTHER_PRODUCTS,
        "claim.matrix (2,0)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (2,1)[0] +1 unit": OTHER_PRODUCTS,
        "claim.matrix (2,1) sign": OTHER_PRODUCTS,
        "claim.matrix rows +1": ZERO_ROW,
    },
    "null-space-coherence-levels": {
        "claim.gamma +1 unit": WEAKER,
        "claim.gamma denominator -1": WEAKER,
        "claim.levels.0 delete": FEWER,
        "claim.matrix (0,0)[0] +1 unit": OTHER_PRODUCTS,
        "claim.matrix (0,0) sign": OTHER_PRODUCTS,
        "claim.matrix (0,1)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (0,1) sign": OTHER_PRODUCTS,
        "claim.matrix (0,1) zero": OTHER_PRODUCTS,
        "claim.matrix (0,1) swap": OTHER_PRODUCTS,
        "claim.matrix (0,2)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,0)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,1)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,1) sign": OTHER_PRODUCTS,
        "claim.matrix (1,2)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (1,2) sign": OTHER_PRODUCTS,
        "claim.matrix (1,2) zero": OTHER_PRODUCTS,
        "claim.matrix (2,1)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (2,2)[0] +1 unit": OTHER_PRODUCTS,
        "claim.matrix (2,2)[0] -1 unit": OTHER_PRODUCTS,
        "claim.matrix (2,2) sign": OTHER_PRODUCTS,
        "claim.matrix rows +1": ZERO_ROW,
    },
    "null-space-transfer": {
        "claim.gamma +1 unit": WEAKER,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
        "claim.matrix (0,0)[0] -1 unit": NEARER,
        "claim.matrix (1,1)[0] +1 unit": NEARER,
        "claim.rho +1 unit": WEAKER,
        "claim.rho denominator -1": WEAKER,
    },
    "null-space-refuted": {
        "claim.levels.0.sparsity +1": MORE_SPARSE,
        "claim.levels.0.weight -1 unit": OTHER_WEIGHTS,
        "claim.levels.0.weight denominator +1": OTHER_WEIGHTS,
        "claim.levels.1.sparsity +1": MORE_SPARSE,
        "claim.levels.1.weight +1 unit": OTHER_WEIGHTS,
        "claim.matrix (0,0) swap": OTHER_KERNEL,
        "claim.matrix (1,0) swap": OTHER_KERNEL,
        "claim.matrix (1,2) swap": OTHER_KERNEL,
        "claim.matrix (2,2) swap": OTHER_KERNEL,
        "claim.matrix (3,2) swap": OTHER_KERNEL,
        "claim.matrix denominator +1": SCALED_MATRIX,
        "claim.matrix raw denominator +1": SCALED_MATRIX,
        "claim.matrix rows +1": ZERO_ROW,
        "evidence.vector denominator +1": SCALED_VECTOR,
        "evidence.vector raw denominator +1": SCALED_VECTOR,
    },
    "null-space-refuted-irrational": {
        "claim.levels.0.sparsity +1": MORE_SPARSE,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
        "claim.matrix denominator +1": SCALED_MATRIX,
        "claim.matrix raw denominator +1": SCALED_MATRIX,
        "claim.matrix rows +1": ZERO_ROW,
        "evidence.vector (1,0) swap": SCALED_VECTOR,
        "evidence.vector denominator +1": SCALED_VECTOR,
        "evidence.vector raw denominator +1": SCALED_VECTOR,
    },
    "null-space-refuted-root": {
        "claim.levels.0.sparsity +1": MORE_SPARSE,
        "claim.levels.0.weight +1 unit": SCALED_WEIGHTS,
        "claim.levels.0.weight denominator +1": SCALED_WEIGHTS,
        "claim.matrix (0,2)[0] +1 unit": OTHER_KERNEL,
        "claim.matrix (0,2)[0] -1 unit": OTHER_KERNEL,
        "claim.matrix denominator +1": SCALED_MATRIX,
        "claim.matrix raw denominator +1": SCALED_MATRIX,
        "claim.matrix rows +1": ZERO_ROW,
        "claim.root +1": OTHER_ROOT,
        "evidence.vector denominator +1": SCALED_VECTOR,
        "evidence.vector raw denominator +1": SCALED_VECTOR,
    },
}
