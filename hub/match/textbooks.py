"""Which school program a textbook belongs to: the same title, grade and publisher is another book after a change.

The program of 2018 begins by grades (Thông tư 32/2018/TT-BGDĐT, Điều 2), that of 2000 did as well (Nghị quyết
40/2000/QH10). A year is that of the autumn in which the school year begins.
"""

from __future__ import annotations

_PROGRAMS = (
    {1: 2002, 2: 2003, 3: 2004, 4: 2005, 5: 2006, 6: 2002, 7: 2003, 8: 2004, 9: 2005, 10: 2006, 11: 2007, 12: 2008},
    {1: 2020, 2: 2021, 3: 2022, 4: 2023, 5: 2024, 6: 2021, 7: 2022, 8: 2023, 9: 2024, 10: 2022, 11: 2023, 12: 2024},
)


def program(grade: str, year: int) -> int:
    """Which program a textbook of a grade ('1' to '12') and a year follows, counted; -1 where either is unknown."""
    if not year or not grade.isdigit() or int(grade) not in _PROGRAMS[0]:
        return -1
    return sum(year >= starts[int(grade)] for starts in _PROGRAMS)
