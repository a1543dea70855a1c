"""Writers of certificates: one module a kind, named as in the checker."""
