"""One reader for every way to start; what it cannot read is refused, never taken for something else."""

import dataclasses
import re

import pytest

from analytics.dashboard.server.settings import Settings, SettingsError, read_settings, variable

NUMBERS = [f.name for f in dataclasses.fields(Settings) if type(f.default) in (int, float)]
SWITCHES = [f.name for f in dataclasses.fields(Settings) if type(f.default) is bool]


@pytest.mark.parametrize("text", ["on", "ON", " true ", "Yes", "1"])
def test_a_switch_is_on(text: str) -> None:
    assert read_settings({"ZETASCOPE_LOGIN": text}).login


@pytest.mark.parametrize("text", ["off", "OFF", "False", "no", "0"])
def test_a_switch_is_off(text: str) -> None:
    assert not read_settings({"ZETASCOPE_WARM_UP": text}).warm_up


@pytest.mark.parametrize("text", ["enabled", "y", "required", "", " ", "oui", "2", "on;", "onn", "none", "n"])
@pytest.mark.parametrize("name", SWITCHES)
def test_any_other_word_for_a_switch_stops_the_start(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable(name)):
        read_settings({variable(name): text})


@pytest.mark.parametrize(
    "text",
    ["0", "-1", "", "many", "nan", "inf", "-inf", "0.0", "1e30", "0x10", "9" * 5000, "0" * 19 + "19" * 9],
)
def test_zero_negative_and_unreadable_numbers_stop_the_start(text: str) -> None:
    for name in NUMBERS:
        with pytest.raises(SettingsError, match=variable(name)):
            read_settings({variable(name): text})


def test_numbers_are_read() -> None:
    settings = read_settings({"ZETASCOPE_MAX_ROWS": " 12 ", "ZETASCOPE_JOB_PATIENCE": "1.5"})
    assert (settings.max_rows, settings.job_patience) == (12, 1.5)
    assert settings.max_columns == Settings().max_columns


@pytest.mark.parametrize(
    "name", ["ZETASCOPE_LOGN", "ZETASCOPE_LOGINS", "zetascope_login", "Zetascope_Login", "ZETASCOPE_ALLOWED"]
)
def test_a_misspelled_setting_stops_the_start(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: "on"})


@pytest.mark.parametrize(
    "name",
    [
        "ZETASCOPE_REQUIRE_LOGIN",
        "ZETASCOPE_USE_LOGIN",
        "ZETASCOPE_PASSWORD",
        "ZETASCOPE_AUTH_ENABLED",
        "ZETASCOPE_PRIVATE",
        "ZETASCOPELOGIN",
        "ZETASCOPE-LOGIN",
        "ZETASCOPE.LOGIN",
        "ZETASCOPE__LOGIN",
        " ZETASCOPE_LOGIN",
        "_ZETASCOPE_ALLOW",
    ],
)
def test_a_closed_door_that_was_asked_for_in_other_words_stops_the_start(name: str) -> None:
    with pytest.raises(
        SettingsError, match=f"There is no setting {re.escape(name)}: .*ZETASCOPE_(LOGIN|ALLOW)"
    ):
        read_settings({name: "on"})


def test_what_other_programs_call_theirs_is_left_alone() -> None:
    theirs = {"ZETASCOPE_CONNECTIONS": "x", "ZETASCOPE_HOME": "/", "LOGIN": "y", "ZETASCOPE": "1"}
    kubernetes = {"ZETASCOPE_SERVICE_HOST": "10.0.0.1", "ZETASCOPE_PORT_8501_TCP_ADDR": "10.0.0.1"}
    assert read_settings({**theirs, **kubernetes}) == Settings()
