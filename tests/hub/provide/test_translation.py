"""Every sentence of the portal is in Vietnamese, and each compiled catalog says what the written one says.

The pages of ``hub/web``, ``hub/provide`` and what they share are translated in ``hub/web/locale``; another application
has its own ``hub/APP/locale/vi/LC_MESSAGES/django.po``, compiled by ``msgfmt -o django.mo django.po``.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hub

HUB = Path(hub.__file__).parent
CATALOGS = sorted(path.parent for path in HUB.glob("*/locale/vi/LC_MESSAGES/django.po"))
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


def written(catalog: Path) -> dict[str, str]:
    source = (catalog / "django.po").read_text()
    return {ast.literal_eval(msgid): ast.literal_eval(msgstr) for _, msgid, msgstr in ENTRY.findall(source)}


def application(catalog: Path) -> str:
    return catalog.relative_to(HUB).parts[0]


def test_every_sentence_is_translated() -> None:
    translated = {msgid for catalog in CATALOGS for msgid, msgstr in written(catalog).items() if msgstr}
    used = {*in_templates(), *in_modules()}
    assert len(used) > 400
    assert sorted(used - translated) == [], "add them to hub/APP/locale/vi/LC_MESSAGES/django.po, then msgfmt"


@pytest.mark.parametrize("catalog", CATALOGS, ids=application)
def test_no_translation_is_left_over(catalog: Path) -> None:
    assert sorted(written(catalog).keys() - {""} - {*in_templates(), *in_modules()}) == []


def test_a_sentence_has_one_translation_only() -> None:
    found: dict[str, set[str]] = {}
    for catalog in CATALOGS:
        for msgid, msgstr in written(catalog).items():
            found.setdefault(msgid, set()).add(msgstr)
    assert {msgid: said for msgid, said in found.items() if msgid and len(said) > 1} == {}


@pytest.mark.parametrize("catalog", CATALOGS, ids=application)
def test_places_for_values_are_kept(catalog: Path) -> None:
    for msgid, msgstr in written(catalog).items():
        assert set(re.findall(r"%\(\w+\)s", msgstr)) <= set(re.findall(r"%\(\w+\)s", msgid)), msgid


@pytest.mark.parametrize("catalog", CATALOGS, ids=application)
def test_the_compiled_catalog_is_the_written_one(catalog: Path) -> None:
    with (catalog / "django.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    plain = {}
    for key, value in compiled.items():
        name = key[0] if isinstance(key, tuple) else key
        plain[name.rpartition("\x04")[2]] = value
    entries = {msgid: msgstr for msgid, msgstr in written(catalog).items() if msgid}
    assert {name: value for name, value in plain.items() if name} == entries
