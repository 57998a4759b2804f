"""The sentences of the problems of this layer: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
}
