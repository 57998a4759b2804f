"""The IT staff's desk: sources, runs, what waits for a person, what is asked for and who is told."""

from hub.operations.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
