"""A source file edited in place: one value is set or taken out, and every comment and blank line stays.

Whatever the edit, the text must afterwards say what the file said, with that one value changed; otherwise nothing is
changed: :class:`Trouble` ``yaml_edit``.
"""

from __future__ import annotations

from typing import Any

import yaml

from schemas.problem import Trouble

Keys = tuple[str, ...]


def set_value(text: str, keys: Keys, value: Any) -> str:
    """The text with ``value`` at ``keys`` (("options", "set")); ``None`` takes the key out."""
    said = yaml.safe_load(text)
    wanted = _with(said, keys, value)
    if wanted == said:
        return text
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    edited = _edited(text, root, keys, value) if isinstance(root, yaml.MappingNode) else text
    try:
        done = yaml.safe_load(edited) == wanted
    except yaml.YAMLError:
        done = False
    if not done:
        raise Trouble("yaml_edit", key=".".join(keys))
    return edited


def _with(said: Any, keys: Keys, value: Any) -> Any:
    """What the file says, with the value changed."""
    content: dict[str, Any] = _copied(said) if isinstance(said, dict) else {}
    inner = content
    for key in keys[:-1]:
        if not isinstance(inner.get(key), dict):
            if value is None:
                return content
            inner[key] = {}
        inner = inner[key]
    if value is None:
        inner.pop(keys[-1], None)
    else:
        inner[keys[-1]] = value
    return content


def _copied(said: Any) -> Any:
    """A copy in which nothing is shared, as aliases share it."""
    if isinstance(said, dict):
        return {key: _copied(inner) for key, inner in said.items()}
    return [_copied(inner) for inner in said] if isinstance(said, list) else said


def _edited(text: str, node: yaml.MappingNode, keys: Keys, value: Any) -> str:
    pair = next(((key, inner) for key, inner in node.value if key.value == keys[0]), None)
    if pair is None:
        return text if value is None else _added(text, node, keys, value)
    key, inner = pair
    if len(keys) > 1 and isinstance(inner, yaml.MappingNode):
        return _edited(text, inner, keys[1:], value)
    if value is None:
        return _taken_out(text, node, key, inner)
    start = inner.start_mark.index
    below = inner.start_mark.line != key.end_mark.line or not text[key.end_mark.index : start].strip()
    head = text[: key.end_mark.index] + ": " if below else text[:start]
    return head + _scalar(_nested(keys[1:], value)) + _rest(text, inner)


def _rest(text: str, inner: yaml.Node) -> str:
    """What follows a value; that of a block has the line's end within it."""
    end = inner.end_mark.index
    taken = text[inner.start_mark.index : end]
    kept = len(taken) - len(taken.rstrip())
    return text[end - kept :]


def _added(text: str, node: yaml.MappingNode, keys: Keys, value: Any) -> str:
    written = f"{_scalar(keys[0])}: {_scalar(_nested(keys[1:], value))}"
    if node.flow_style:
        end = node.end_mark.index - 1
        head = text[:end].rstrip()
        comma = "" if head.endswith(("{", ",")) else ","
        blank = "" if head.endswith("{") else " "
        return f"{head}{comma}{blank}{written}{text[end:]}"
    last = node.value[-1][1]
    end = last.start_mark.index + len(text[last.start_mark.index : last.end_mark.index].rstrip())
    line_end = text.find("\n", end)
    end = len(text) if line_end < 0 else line_end
    return f"{text[:end]}\n{' ' * node.start_mark.column}{written}{text[end:] or chr(10)}"


def _taken_out(text: str, node: yaml.MappingNode, key: yaml.Node, inner: yaml.Node) -> str:
    start = key.start_mark.index
    end = inner.start_mark.index + len(text[inner.start_mark.index : inner.end_mark.index].rstrip())
    if not node.flow_style:
        start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        return text[:start] + (text[line_end + 1 :] if line_end >= 0 else "")
    rest = text[end:].lstrip()
    if rest.startswith(","):
        return text[:start] + rest[1:].lstrip()
    return text[:start].rstrip().removesuffix(",") + text[end:]


def _nested(keys: Keys, value: Any) -> Any:
    return {keys[0]: _nested(keys[1:], value)} if keys else value


def _scalar(value: Any) -> str:
    """A value on one line."""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False)
    return written.removesuffix("\n").removesuffix("\n...").strip()
