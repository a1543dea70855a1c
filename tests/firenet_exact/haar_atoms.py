"""Walsh matrices and isotropic Haar atoms from their definitions, for sizes at which a dense matrix does."""

import itertools

import numpy as np


def walsh_matrix(bits):
    """The matrix of ±1 whose row k has k changes of sign: products of signs of bits, sorted by their number."""
    n = 1 << bits
    x = np.arange(n)
    rows = [np.array([(-1) ** int.bit_count(k & int(p)) for p in x]) for k in range(n)]
    return np.array(sorted(rows, key=lambda row: int(np.count_nonzero(np.diff(row)))))


def walsh_samples(image):
    """The samples of an image of integers, not scaled."""
    bits = image.shape[0].bit_length() - 1
    matrix = walsh_matrix(bits)
    for axis in range(image.ndim):
        image = np.moveaxis(np.tensordot(matrix, image, (1, axis)), 0, axis)
    return image


def atoms(dimension, bits):
    """(scale, orientation, position, atom), scaled to ±1, the first half positive; (None, ...) is the scaling one."""
    n = 1 << bits
    yield None, (0,) * dimension, (0,) * dimension, np.ones((n,) * dimension, dtype=np.int64)
    for scale in range(bits):
        side = 1 << (bits - scale)
        wave = np.where(np.arange(side) < side // 2, 1, -1)
        for orientation in itertools.product((0, 1), repeat=dimension):
            if not any(orientation):
                continue
            for position in itertools.product(range(1 << scale), repeat=dimension):
                atom = np.zeros((n,) * dimension, dtype=np.int64)
                block = np.ones((1,) * dimension, dtype=np.int64)
                for axis, o in enumerate(orientation):
                    shape = [1] * dimension
                    shape[axis] = side
                    block = block * (wave if o else np.ones(side, dtype=np.int64)).reshape(shape)
                atom[tuple(slice(p * side, (p + 1) * side) for p in position)] = block
                yield scale, orientation, position, atom
