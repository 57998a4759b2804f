"""Interlibrary loan: requests between libraries, by ISO 18626 or on a page."""

from hub.lending.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
