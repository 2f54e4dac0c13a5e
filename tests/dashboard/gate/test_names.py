"""Names that a server answers under."""

import pytest

from analytics.dashboard.gate.names import answers_to, given_names, own_names
from analytics.dashboard.server.settings import SettingsError

ON_THIS_MACHINE = own_names({})


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8501",
        "app.localhost",
        "localhost.",
        "127.0.0.1:8501",
        "[::1]:8501",
        "10.0.0.7",
    ],
)
def test_this_machine_and_addresses_in_numbers_always_count(host: str) -> None:
    assert answers_to(host, ON_THIS_MACHINE)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:8501",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evillocalhost",
        ),
        *(
            "",
            "localhost:port",
            "a@localhost",
            "localhost/x",
            "localhost, evil.example",
            "2130706433",
            "127.1",
        ),
        *("[localhost]", "localhost\t", " localhost", "localhost:123456", "ⅼocalhost"),
    ],
)
def test_any_other_name_and_what_is_no_name_does_not(host: str) -> None:
    assert not answers_to(host, ON_THIS_MACHINE)


def test_the_owner_names_others() -> None:
    names = given_names("Stats.example.org, *.lab.example")
    assert answers_to("stats.example.org:443", names)
    assert answers_to("a.b.lab.example", names)
    assert not answers_to("lab.example", names)
    assert not answers_to("stats.example.org.evil.example", names)
    assert answers_to("whatever.example", given_names("*"))


@pytest.mark.parametrize(
    "text", ["https://example.org", "example.org:8501", "a b@c", "example..org", "*example.org"]
)
def test_what_is_no_name_stops_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="ZETASCOPE_HOSTS holds"):
        given_names(text)


def test_a_space_answers_under_its_own_name() -> None:
    assert answers_to("ada-zeta-scope.hf.space", own_names({"SPACE_ID": "Ada/zeta_scope"}))
    assert answers_to("told.hf.space", own_names({"SPACE_ID": "a/b", "SPACE_HOST": "told.hf.space"}))
    assert not answers_to("told.hf.space", own_names({"SPACE_HOST": "told.hf.space"}))
