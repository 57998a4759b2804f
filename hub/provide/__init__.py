"""What goes out: search pages, union records, OAI-PMH, files."""

from hub.provide.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
