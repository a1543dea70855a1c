"""Arrays as files of pictures, with Pillow, which is optional."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import MissingExtraError

__all__ = ["need_pillow", "png"]


def need_pillow() -> None:
    """Refuse to draw without the library that does.

    Raises:
        MissingExtraError: with the command that installs it.
    """
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise MissingExtraError("pictures need Pillow: pip install 'sci-barriers[images]'") from None


def png(brightness: NDArray[Any]) -> bytes:
    """Return a greyscale picture, PNG; numbers are rounded, and cut at 0 (black) and 255 (white).

    Args:
        brightness: shape (rows, columns).

    Raises:
        MissingExtraError: if Pillow is not installed.
    """
    need_pillow()
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(np.rint(np.clip(brightness, 0, 255)).astype(np.uint8)).save(content, format="PNG")
    return content.getvalue()
