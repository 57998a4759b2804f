"""Libraries: who belongs to the network."""

from hub.network.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
