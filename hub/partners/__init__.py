"""A library's own pages: what the hub has of it, its files, corrections, books entered one by one, the doctor."""

from hub.partners.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
