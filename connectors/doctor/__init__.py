"""Examinations that talk to a server: what works, what a harvest would lose, and how to mend it.

:func:`connectors.doctor.examine.examine` visits an OAI-PMH repository and gives a :class:`connectors.doctor.finding.
Diagnosis`; :mod:`connectors.doctor.letter` says it in words. What each finding costs stands in
:mod:`connectors.doctor.costs`.
"""
