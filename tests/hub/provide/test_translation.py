"""Every sentence of the portal is in Vietnamese, and the compiled catalog says what the written one says."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import hub

HUB = Path(hub.__file__).parent
CATALOG = HUB / "web/locale/vi/LC_MESSAGES"
TAG = re.compile(r"{%\s*translate\s+(?:\"([^\"]*)\"|'([^']*)')")
BLOCK = re.compile(r"{%\s*blocktranslate\b([^%]*)%}(.*?){%\s*endblocktranslate\s*%}", re.S)
PLURAL = re.compile(r"{%\s*plural\s*%}")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext_lazy"}
ENTRY = re.compile(r'^(?:msgctxt (".*")\n)?msgid (".*")\n(?:msgid_plural ".*"\n)?msgstr(?:\[0\])? (".*")$', re.M)


def in_templates() -> Iterator[str]:
    for path in HUB.rglob("*.html"):
        source = path.read_text()
        yield from (double or single for double, single in TAG.findall(source))
        for options, body in BLOCK.findall(source):
            singular = PLURAL.split(body)[0]
            if "trimmed" in options:
                singular = " ".join(line.strip() for line in singular.strip().splitlines())
            yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", singular)


def in_modules() -> Iterator[str]:
    for path in HUB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                values = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                if values:
                    yield values[1] if node.func.id == "pgettext_lazy" else values[0]


def written() -> dict[str, str]:
    source = (CATALOG / "django.po").read_text()
    return {ast.literal_eval(msgid): ast.literal_eval(msgstr) for _, msgid, msgstr in ENTRY.findall(source)}


def test_every_sentence_is_translated() -> None:
    entries = written()
    used = {*in_templates(), *in_modules()}
    assert len(used) > 200
    assert sorted(used - {msgid for msgid, msgstr in entries.items() if msgstr}) == []


def test_no_translation_is_left_over() -> None:
    assert sorted(written().keys() - {""} - {*in_templates(), *in_modules()}) == []


def test_places_for_values_are_kept() -> None:
    for msgid, msgstr in written().items():
        assert set(re.findall(r"%\(\w+\)s", msgstr)) <= set(re.findall(r"%\(\w+\)s", msgid)), msgid


def test_the_compiled_catalog_is_the_written_one() -> None:
    with (CATALOG / "django.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    plain = {}
    for key, value in compiled.items():
        name = key[0] if isinstance(key, tuple) else key
        plain[name.rpartition("\x04")[2]] = value
    entries = {msgid: msgstr for msgid, msgstr in written().items() if msgid}
    assert {name: value for name, value in plain.items() if name} == entries
