"""Legal deposit and exchange: what publishers owe, what came, what is claimed. The hub is no statutory recipient."""

from hub.deposit.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
