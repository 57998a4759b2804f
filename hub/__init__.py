"""WHAT WE DO: the hub itself, from sources to what goes out."""

from hub.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
