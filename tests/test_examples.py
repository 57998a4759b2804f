"""The example source files: each is one that could be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.connector import connectors
from hub.sources import read_source

EXAMPLES = sorted((Path(__file__).resolve().parent.parent / "harvest_config" / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_a_valid_source(path: Path) -> None:
    config = read_source(path)
    assert config.entry.library.name is not None


def test_every_connector_has_an_example_that_shows_all_its_options() -> None:
    for name, connector in connectors().items():
        of_it = [path for path in EXAMPLES if read_source(path).entry.connector == name]
        text = "\n".join(path.read_text(encoding="utf-8") for path in of_it)
        assert [key for key in connector.options.model_fields if f"{key}:" not in text] == [], name
