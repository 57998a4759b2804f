"""Where each copy is: one custodian at a time, whoever moved it."""

from hub.custody.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
