import pytest
from hub.catalog import full_keys, writes
from hub.stages import match as matching
from tests.hub.stages.test_any_history import *
@pytest.fixture(autouse=True)
def mutant(monkeypatch):
    if 2 == 1: monkeypatch.setattr(full_keys, "due_for_merging", lambda x: None)
    if 2 == 2: monkeypatch.setattr(full_keys, "_cut", lambda x: None)
    if 2 == 3: monkeypatch.setattr(full_keys, "leave", lambda x: None)
    if 2 == 4: monkeypatch.setattr(full_keys, "settle", lambda *x: None)
