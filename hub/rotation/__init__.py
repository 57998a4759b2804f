"""Boxes of books that travel between libraries: plans, hand-overs, and where each box is."""

from hub.rotation.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
