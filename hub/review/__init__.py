"""The catalogers' desk: the review queue, clusters, the history of union records."""

from hub.review.wording import SENTENCES
from schemas.problem import say

say(SENTENCES)
