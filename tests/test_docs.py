"""Documentation is tested: what the product has, the documentation names; what it links to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import click
import pytest
import yaml
from pydantic import BaseModel

import flows
import hub
from connectors.connector import connectors
from flows import trial_report
from flows.cli import cli
from hub.match.compare import FIELDS, VETOES
from hub.match.rules import Rules
from hub.normalize.normalize import normalize, rule_names
from hub.normalize.rules import Rules as NormalizationRules
from hub.provide import oai
from hub.sources import KINDS, SourceFile, vocabulary
from schemas import headings, readings
from schemas.encodings import NAMES
from schemas.format import formats
from schemas.problem import SENTENCES
from schemas.record import DELIMITER, Record

assert flows
assert hub

PROJECT = Path(__file__).resolve().parent.parent
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("harvest_config/**/*.md")])
CODE = [
    path
    for top in ("flows", "hub", "connectors", "schemas", "benchmarks", "tests")
    for path in (PROJECT / top).rglob("*.py")
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"LIENTHONG_[A-Z_]+[A-Z]")


@cache
def page(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """The text from a heading to the next one of its level."""
    level = heading.split(" ")[0]
    start = text.index(f"\n{heading}") + 1
    end = text.find(f"\n{level} ", start)
    return text[start : end if end > 0 else None]


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, f"{path} {name}")
    else:
        yield path, command


@pytest.mark.parametrize(("path", "command"), [pytest.param(*c, id=c[0]) for c in commands(cli, "lienthong")])
def test_every_command_and_option_is_documented(path: str, command: click.Command) -> None:
    text = page("docs/commands.md")
    examples = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    assert path in examples, f"docs/commands.md has no example of {path}"
    group = path.split()[1]
    part = section(text, "## Xuất") if group == "export" else _part(text, group)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert re.search(rf"(?<![\w-]){option}(?![\w-])", part), f"docs/commands.md: {path} {option}"


def _part(text: str, group: str) -> str:
    heading = next(line for line in text.splitlines() if line.startswith(f"### `lienthong {group}"))
    return section(text, heading)


def test_every_command_says_what_it_does() -> None:
    for path, command in commands(cli, "lienthong"):
        assert command.help, path
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        assert [option.name for option in options if not option.help] == [], path


def keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every key of a model, those within another with its name before."""
    for name, field in model.model_fields.items():
        yield before + name
        for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from keys(inner, f"{before}{name}.")


@pytest.mark.parametrize("language", ["Tiếng Việt", "English"])
def test_every_key_of_a_source_file_is_documented(language: str) -> None:
    text = section(page("docs/harvest_config.md"), f"## {language}")
    wanted = [*keys(SourceFile), *Rules.model_fields]
    wanted += [key for connector in connectors().values() for key in connector.options.model_fields]
    wanted += [*KINDS, *connectors()]
    assert [key for key in wanted if f"`{key}`" not in text and key != "reading"] == []


@pytest.mark.parametrize("name", sorted(connectors()))
def test_every_connector_has_an_example(name: str) -> None:
    blocks = [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page("docs/harvest_config.md"), re.DOTALL)
    ]
    examples = [block for block in blocks if block["connector"] == name]
    assert examples
    for example in examples:
        SourceFile.model_validate(example)
        connectors()[name].options.model_validate(example["options"])


def test_the_readmes_source_is_valid() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", page("README.md"), re.DOTALL)
    entry = SourceFile.model_validate(yaml.safe_load(block))
    connectors()[entry.connector].options.model_validate(entry.options)


def test_every_format_prefix_suffix_and_encoding_is_documented() -> None:
    text = page("docs/formats.md")
    for form in formats().values():
        [row] = [line for line in text.splitlines() if line.startswith(f"| `{form.name}` |")][:1]
        assert all(f"`{name}`" in row for name in (*form.prefixes, *form.suffixes)), row
        assert len(re.findall(rf"^\| .*`{form.name}`", text, re.MULTILINE)) >= 2, (
            f"what is kept and lost of {form.name}"
        )
    assert all(f"`{prefix}`" in text for prefix in oai.FORMATS)
    assert all(f"`{name}`" in text and f"`{name}`" in page("docs/harvest_config.md") for name in NAMES)


def test_every_field_of_tables_is_documented() -> None:
    assert [name for name in headings.FIELDS if f"\n| `{name}` |" not in page("docs/formats.md")] == []


def test_every_rule_of_matching_is_said_in_words() -> None:
    text = page("docs/matching.md")
    rules = yaml.safe_load(page("harvest_config/matching.yaml"))
    outcomes = {happened for weights in rules["weights"].values() for happened in weights}
    wanted = (
        {name for name, _ in FIELDS}
        | VETOES.keys()
        | outcomes
        | {"same", "ask", "fits", "generic_titles", "genres", "pen_names", "largest_cluster"}
    )
    assert sorted(name for name in wanted if f"`{name}`" not in text) == []


def test_every_environment_variable_is_documented() -> None:
    used = {name for path in CODE for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    documented = set(VARIABLE.findall(section(page("docs/commands.md"), "## Thiết lập")))
    assert used == documented


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_problem_has_its_sentence_in_both_languages(code: str) -> None:
    sentences = SENTENCES[code]
    facts = {
        language: {name for _, name, _, _ in Formatter().parse(sentences[language]) if name}
        for language in ("vi", "en")
    }
    assert sentences.keys() == {"vi", "en"}
    assert facts["vi"] == facts["en"]
    assert all(text.rstrip()[-1] in ".}»”" for text in sentences.values())


def test_every_problem_that_is_raised_has_a_sentence() -> None:
    raised = re.compile(r"""\b(?:Trouble|Problem)\(\s*["']([a-z0-9_]+)["']""")
    code = [path for path in CODE if path.relative_to(PROJECT).parts[0] not in ("tests", "benchmarks")]
    used = {name for path in code for name in raised.findall(path.read_text(encoding="utf-8"))}
    assert used - SENTENCES.keys() == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_between_pages_resolve(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), f"{path.name}: {target}"
        assert not anchor or anchor in _anchors(found), f"{path.name}: {target}"


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("mark", ["demo", "tests"])
def test_the_readme_gives_each_command_once(mark: str) -> None:
    text = page("README.md")
    assert text.count(f"<!-- {mark} -->") == 1
    [command] = re.findall(rf"<!-- {mark} -->\n```sh\n(.*?)\n```", text, re.DOTALL)
    assert "\n" not in command
    assert text.count(command) == 1


def test_every_decision_is_listed_in_the_usual_form() -> None:
    listed = page("docs/adr/README.md")
    for path in sorted((PROJECT / "docs" / "adr").glob("0*.md")):
        text = path.read_text(encoding="utf-8")
        assert path.name in listed
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_every_table_is_in_the_architecture() -> None:
    from django.apps import apps

    ours = [model for model in apps.get_models() if model.__module__.startswith("hub.")]
    assert [m._meta.db_table for m in ours if f"`{m._meta.db_table}`" not in page("docs/architecture.md")] == []


RULE_ROW = re.compile(r"^\| `([\w-]+@\d+)` \|(.*?)\| (`[^`]*`|–) \| (`[^`]*`|–|=) \|$", re.MULTILINE)


def test_every_normalization_rule_is_in_the_table() -> None:
    text = page("docs/normalization.md")
    assert {row[0] for row in RULE_ROW.findall(text)} == set(rule_names())
    assert len(RULE_ROW.findall(text)) == len(re.findall(r"^\| `[\w-]+@", text, re.MULTILINE)), "a row is not read"
    named = {rule.partition("@")[0] for rule in (*rule_names(), *readings.RULES.values())} | trial_report.RULES.keys()
    assert [name for name in sorted(named) if f"`{name}`" not in text and f"`{name}@" not in text] == []
    assert [key for key in NormalizationRules.model_fields if f"`{key}`" not in text] == []


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        pytest.param(row[0], *row[2:], id=f"{row[0]}: {row[2]}")
        for row in RULE_ROW.findall(page("docs/normalization.md"))
    ],
)
def test_normalization_does_what_its_table_says(rule: str, before: str, after: str) -> None:
    if before == "–":
        return
    given = _marc(before)
    done = normalize(Record("00000nam a2200000   4500", given), vocabulary())
    tags = {tag for tag, _ in (*given, *_marc(after if after != "=" else before))} - {"001", "008"}
    expected = _marc(before if after == "=" else after)
    assert [field for field in done.record.fields if field[0] in tags] == [f for f in expected if f[0] in tags]
    assert (rule in {name for name, *_ in done.repairs}) == (after != "=")


def _marc(cell: str) -> tuple[tuple[str, str], ...]:
    """The fields of a cell of the table, with a title and a 008 where it has none."""
    fields = [("008", "200101s2020    vm            000 0 vie d"), ("245", f"10{DELIMITER}aTắt đèn")]
    for part in cell.strip("`").split(" + "):
        tag, content = part[:3], part[4:]
        fields = [field for field in fields if field[0] != tag]
        fields.append((tag, content[:2].replace("#", " ") + content[2:].replace("$", DELIMITER)))
    return tuple(sorted(fields, key=lambda field: field[0]))
