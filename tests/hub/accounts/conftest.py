"""The small network in a database of its own."""

from tests.hub.provide.conftest import network

assert network
