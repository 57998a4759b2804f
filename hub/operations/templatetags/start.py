"""The list of first steps on a page: ``{% start_list %}``."""

from __future__ import annotations

from typing import Any

from django import template

from hub.operations.start import steps

register = template.Library()


@register.inclusion_tag("operations/start.html", takes_context=True)
def start_list(context: template.Context, open: bool = True) -> dict[str, Any]:
    """What is still to be done first; nothing once all of it is done, and nothing for who may do none of it."""
    user = getattr(context.get("request"), "user", None)
    found = steps(user) if user is not None and user.is_authenticated else []
    done = sum(step.done for step in found)
    return {"steps": found if done < len(found) else [], "done": done, "of": len(found), "open": open}
