"""HOW IT ARRIVES: one module a protocol; bytes in, raw records out."""

from connectors import file_wording, rest_wording, sru_wording, wording, z3950_wording
from schemas.problem import say

say(wording.SENTENCES)
say(file_wording.SENTENCES)
say(rest_wording.SENTENCES)
say(sru_wording.SENTENCES)
say(z3950_wording.SENTENCES)
