"""What a visitor chose belongs to what it was chosen for: a file, or a column of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, ThreadState
from streamlit.runtime.state.query_params import (
    _coerce_value_for_query_url,
    _format_number_for_query_url,
)

_SCOPES = "zetascope_choices"

_Parameters = dict[str, list[str]]
"""Widgets that stand in the address, by their keys; without a value where it is the default."""


@dataclass(frozen=True)
class _Scope:
    """Choices in one part of the app: whose they are now, and what was chosen for each owner so far."""

    owner: str
    chosen: dict[str, _Parameters] = field(default_factory=dict)


def chosen_for(owner: str) -> dict[str, _Parameters]:
    """What was chosen for an owner, by the part of the app."""
    scopes: dict[str, _Scope] = st.session_state.get(_SCOPES, {})
    found = {name: scope.chosen.get(owner, {}) for name, scope in scopes.items()}
    told = {name: {key: values for key, values in one.items() if values} for name, one in found.items()}
    return {name: one for name, one in told.items() if one}


def choose_for(owner: str, chosen: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
    """Let these be the owner's choices when its widgets are drawn next; they are taken as those of a link."""
    scopes: dict[str, _Scope] = dict(st.session_state.get(_SCOPES, {}))
    for name, one in chosen.items():
        before = scopes.get(name, _Scope(""))
        ours = {key: list(values) for key, values in one.items()}
        # Nobody's until then, so that what stands in the address is exchanged even where it was ours.
        theirs = before.chosen.get(before.owner, {})
        scopes[name] = _Scope("", {**before.chosen, "": theirs, owner: ours})
    st.session_state[_SCOPES] = scopes


@contextmanager
def belonging_to(owner: str, *, scope: str) -> Iterator[None]:
    """Draw widgets whose values are the ``owner``'s: another one finds defaults, or what was chosen for it.

    A widget's identity is its key and the script that draws it, and a browser keeps the value of an identity
    whatever the server thinks of it. So the owner becomes a part of the script's name: to the browser it is
    another widget then, though its key and its place in the address are the same.
    """
    context = get_script_run_ctx()
    assert context is not None
    before = st.session_state.get(_SCOPES, {}).get(scope, _Scope(owner))
    if before.owner != owner:
        before = _up_to_date(context, before)
        _exchange(context, before.chosen.get(before.owner, {}), before.chosen.get(owner, {}))
    mark = hashlib.sha256(owner.encode()).hexdigest()[:12]
    script = f"{ThreadState.get().active_script_hash}{mark}"
    try:
        with context.run_with_active_hash(script):
            yield
    finally:
        drawn = _chosen_in(context, script)
        now = _Scope(owner, {**before.chosen, owner: {**before.chosen.get(owner, {}), **drawn}})
        st.session_state[_SCOPES] = {**st.session_state.get(_SCOPES, {}), scope: now}
    _say_in_address(context, drawn)  # of a whole run: what was not drawn yet would lose its place there


def _up_to_date(context: ScriptRunContext, scope: _Scope) -> _Scope:
    """With what its owner's widgets hold now: a value and another owner, or page, may come in one run."""
    if context.is_history_navigation:
        return scope  # the browser's widgets are the next owner's already
    before = scope.chosen.get(scope.owner, {})
    latest = {key: _held(context, key, values) for key, values in before.items()}
    return replace(scope, chosen={**scope.chosen, scope.owner: latest})


def _held(context: ScriptRunContext, key: str, before: list[str]) -> list[str]:
    """What the widget ``key`` holds, as the address says it; ``before`` where no widget is left to ask."""
    state = context.session_state._state
    metadata = state.get_widget_metadata(state.get_widget_id_from_key(key) or "")
    if metadata is None or key not in st.session_state:
        return before
    value = st.session_state[key]
    if value == metadata.deserializer(None):
        return []
    told = None if value is None else metadata.serializer(value)
    if isinstance(told, float):
        return [_format_number_for_query_url(told)]  # 2 and not 2.0, as a browser says it
    said = "" if told is None else _coerce_value_for_query_url(told, metadata.value_type)
    return [said] if isinstance(said, str) else said


def _exchange(context: ScriptRunContext, theirs: _Parameters, ours: _Parameters) -> None:
    """Take what was chosen for another owner out of the session and the address, and put ours there."""
    for key in theirs:
        if key in st.session_state:
            del st.session_state[key]
    if context.is_history_navigation:
        return  # the way back in the browser: the address is ours already
    left = {key: values for key, values in _address(context).items() if key not in theirs}
    _set_address(context, {**left, **ours})


def _say_in_address(context: ScriptRunContext, chosen: _Parameters) -> None:
    """What was chosen while the server sent an address is missing there: say it again."""
    address = _address(context)
    if any(address.get(key, []) != values for key, values in chosen.items()):
        _set_address(context, {**address, **chosen})


def _set_address(context: ScriptRunContext, address: _Parameters) -> None:
    query = urlencode({key: values for key, values in address.items() if values}, doseq=True)
    with context.session_state.query_params() as parameters:
        parameters.populate_from_query_string(query)
        parameters.set_initial_query_params(query)  # widgets that are new to the browser begin with it
        parameters.update()  # tells the browser


def _chosen_in(context: ScriptRunContext, script: str) -> _Parameters:
    """What the widgets hold that ``script`` has drawn."""
    keys = [str(key) for key in st.session_state]
    with context.session_state.query_params() as parameters:
        bindings = {key: parameters.get_binding_for_param(key) for key in keys}
    return {
        key: _held(context, key, [])
        for key, binding in bindings.items()
        if binding and binding.script_hash == script
    }


def _address(context: ScriptRunContext) -> _Parameters:
    return parse_qs(context.query_string, keep_blank_values=True)
