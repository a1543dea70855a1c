"""The instances of `margin_one` about what can be reached, and the mutants of theirs that are true."""

from tests.proofs_checks.cases import no_reads, reads

# kind no-reads has few fields, and most changes of them are malformed
SMALL = {"no-reads-sqrt-lasso": 17, "no-reads-lasso": 18, "no-reads-bpdn": 13}
INSTANCES = {
    "reads-lasso": reads.EDGE_LASSO,
    "reads-sqrt-lasso": reads.EDGE_SQRT,
    "reads-bpdn": reads.EDGE_BPDN,
    "reads-member": reads.EDGE_MEMBER,
    "reads-rank": reads.EDGE_RANK,
    "no-reads-sqrt-lasso": no_reads.ACCEPT["edge-sqrt-lasso"],
    "no-reads-lasso": no_reads.ACCEPT["edge-lasso"],
    "no-reads-bpdn": no_reads.ACCEPT["edge-bpdn"],
}
ACCESS = "the same reads as a stream or as queries"
ORDER = "the same reads in another order, or one of them twice"
FEWER = "reads that leave no more members than with this one, or none that is not served"
OTHER_READ = "another approximation that the member has, and that leaves no member that is not served"
FINER = "a read of another precision, with which its matrix is still that of the member"
OTHER_PARAMETER = "another class with (almost) the same heights: another true claim"
FEWER_DIGITS = "fewer digits: a weaker claim"
OTHER_NETWORK = "another network, which is as near to the minimisers"
OTHER_SAMPLE = "a sample twice, one with the other sign, or one that needs the gain less exactly"


def _reads(count, deletable, entries, others):
    """Survivors by path; `count` reads may be repeated and swapped (0 for a stream), some deleted."""
    order = [f"repeat {j}" for j in range(count)] + [f"swap {j}" for j in range(count - 1)]
    found = {f"claim.reads {change}": ORDER for change in order}
    found |= {f"claim.reads.{j} delete": FEWER for j in deletable}
    found |= {f"claim.reads.{j}.1 {change}": OTHER_READ for j, changes in entries.items() for change in changes}
    reasons = {
        "access": ACCESS,
        "class.parameter": OTHER_PARAMETER,
        "digits": FEWER_DIGITS,
        "first": OTHER_NETWORK,
        "gain": OTHER_NETWORK,
        "reads.0.0": FINER,
        "reads.1.0": FINER,
        "samples": OTHER_SAMPLE,
        "samples.0": OTHER_SAMPLE,
    }
    others = {"digits": ["-1"]} | others
    return found | {f"claim.{path} {change}": reasons[path] for path, changes in others.items() for change in changes}


def _no_reads(others, sample):
    """Survivors by path; those of lists begin with a position or name one."""
    reasons = {"class.householder": "another disguise, or none", "class.parameter": OTHER_PARAMETER}
    found = {f"claim.sample {change}": "a sample whose solutions are as far apart" for change in sample}
    found |= {"claim.digits +1": "more digits, which fail too if fewer do"}
    return found | {
        f"claim.{path}{'.' if path.endswith('householder') and change[0].isdigit() else ' '}{change}": reasons.get(
            path, "another class, of which the same is true"
        )
        for path, changes in others.items()
        for change in changes
    }


def _both(*places):
    return [f"{place}[0] {step}" for place in places for step in ("+1 unit", "-1 unit")]


_PARAMETER = {"class.parameter": ["-1 unit", "denominator +1"]}
_FIRST = [f"({i},0){change}" for i in range(4) for change in ("[0] -1 unit", " zero")]
_NETWORK = {
    "first": [*_FIRST, "denominator +1", "raw denominator +1", "raw first entry delete"],
    "gain": ["-1 unit", "denominator +1"],
    "samples.0": ["(0,0)[0] +1 unit", "(0,0) sign", "denominator +1"],
}
_C, _ZEROS = "(1,4)[0] -1 unit", ["(0,4) sign", "(0,4) zero", "(0,4) swap"]
_UNTURNED = {
    0: ["(0,0)[0] -1 unit", "(0,0) swap", _C],
    1: [_C],
    2: ["(0,0) swap", "(0,1)[0] -1 unit", "(0,1) swap", _C],
    3: [_C],
    4: ["(0,1) swap", "(0,2)[0] -1 unit", "(0,2) swap", _C],
    5: [_C],
    6: ["(0,2) swap", "(0,3)[0] -1 unit", _C],
    7: [_C],
    8: ["(0,4)[0] -1 unit", *_ZEROS, *_both("(1,0)", "(1,1)", "(1,2)", "(1,3)")],
    9: [
        *_both("(0,1)", "(0,2)", "(0,3)", "(0,4)"),
        *("(0,4) swap", "(1,0)[0] +1 unit", "(1,0) sign", "(1,0) zero", "(1,0) swap"),
    ],
}
_HOUSEHOLDER = ["swap 0", "swap 1", "swap 2", "0 +1", "1 +1", "1 -1", "to null"]
_HOUSEHOLDER += [f"{i} {change}" for i in (2, 3) for change in ("+1", "-1", "sign", "zero")]
_DEN = ["denominator +1", "raw denominator +1"]

SURVIVORS = {
    "reads-lasso": _reads(
        10,
        [0, 2, 4, 6, 8, 9],
        {
            8: ["(0,4)[0] -1 unit", "(1,4)[0] -1 unit"],
            9: ["(0,0)[0] +1 unit", "(0,0) swap", "(1,0)[0] -1 unit", "(1,0) swap"],
        },
        _NETWORK | _PARAMETER | {"access": ["to stream"], "samples.0": [*_NETWORK["samples.0"], "raw denominator +1"]},
    ),
    "reads-sqrt-lasso": _reads(0, [9], _UNTURNED, _NETWORK | _PARAMETER | {"access": ["to query"]}),
    "reads-bpdn": _reads(10, [0, 2, 4, 6, 8, 9], _UNTURNED, _NETWORK | {"access": ["to stream"]}),
    "reads-member": _reads(
        4,
        [0, 2, 3],
        {
            0: ["(0,0)[0] -1 unit", *_both("(1,1)", "(1,2)"), *_DEN],
            1: ["(0,0)[0] +1 unit", *_both("(1,1)", "(1,2)")],
            2: ["(0,0) swap", "(0,1)[0] -1 unit", *_both("(1,0)", "(1,2)"), *_DEN],
            3: ["(0,1)[0] +1 unit", *_both("(1,0)", "(1,2)")],
        },
        _PARAMETER | {"access": ["to stream"], "first": ["(0,0)[0] -1 unit", *_both("(1,0)"), *_DEN]},
    ),
    "reads-rank": _reads(
        2,
        [0],
        {
            0: [
                *_both("(0,0)", "(0,1)", "(0,2)", "(0,3)", "(0,4)", "(1,0)", "(1,1)", "(1,2)", "(1,3)"),
                *(f"(0,{j}) {change}" for j in range(4) for change in ("sign", "zero")),
                *("(0,3) swap", "(1,4)[0] +1 unit", "raw first entry delete", *_DEN),
            ]
        },
        _PARAMETER
        | {
            "first": [
                *_both(*(f"({i},0)" for i in range(4))),
                *(f"({i},0) {change}" for i in range(4) for change in ("sign", "zero")),
                *("raw first entry delete", *_DEN),
            ],
            "samples.0": [*_both("(0,0)"), "(0,0) sign", *_DEN],
            "reads.0.0": ["+1"],
            "reads.1.0": ["+1", "-1"],
        },
    ),
    "no-reads-sqrt-lasso": _no_reads(
        {"class.alpha": ["+1 unit"]} | _PARAMETER,
        ["(0,0) swap", "(1,0)[0] -1 unit", "(1,0) sign"],
    ),
    "no-reads-lasso": _no_reads(
        {"class.alpha": ["+1 unit"], "class.householder": _HOUSEHOLDER} | _PARAMETER,
        [
            *("(0,0)[0] +1 unit", "(0,0) sign", "(0,0) swap", *_both("(1,0)"), "(1,0) sign", "(1,0) swap"),
            *(*_both("(2,0)"), "(2,0) sign"),
        ],
    ),
    "no-reads-bpdn": _no_reads(
        {
            "class.alpha": ["-1 unit", "denominator +1"],
            "class.columns": ["-1"],
            "class.parameter": ["denominator +1"],
            "class.problem": ["to lasso", "to sqrt-lasso"],
        },
        ["(0,0)[0] +1 unit", "(0,0) sign", "(0,0) swap"],
    ),
}
