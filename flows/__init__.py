"""WHEN: Prefect flows and the command line, and nothing else."""

from flows.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
