"""HOW IT ARRIVES: one module a protocol; bytes in, raw records out."""

from connectors.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
