"""The certificate format (docs/format.md): `reading`, which the checker trusts, and `writing`, for producers."""
