"""The page for owners: every setting with its default, and where Zetascope can run."""

import streamlit as st

from analytics.dashboard.pages.hosting.environment import limits_in_words, settings_frame
from analytics.dashboard.server.datasets import DataSet

_ON_YOUR_MACHINE = """
`make run` serves at port 8501 of this machine, for this machine only. `zetascope serve --address 0.0.0.0`
lets others on your network in, who then reach it under this machine's address in numbers; under a name once
`ZETASCOPE_HOSTS` holds it. Put a reverse proxy with HTTPS in front of it that forwards WebSockets and the
Host header, or run the container, which has limits of memory and processes:
"""

_IN_A_SPACE = """
Create a Docker Space and push this repository to it; its README already carries the Space's configuration.
A Space shows the dashboard inside another site's frame, where browsers withhold the cookie that guards
uploads. That guard is therefore off there, and only there, while nobody logs in. Hugging Face may show the
frame; other sites of yours, once `ZETASCOPE_FRAMES` holds them. Add `?embed=true` to the address to hide the
toolbar, and `&embed_options=dark_theme` or `light_theme` to choose the look.

With `ZETASCOPE_HUB=on` visitors sign in on the Hub by Hugging Face's own login, because the README says
`hf_oauth`: in a tab of its own, with the scopes `contribute-repos` (create repositories, change only those)
and `gated-repos` (read gated ones that they may read). Nobody has to. Elsewhere they type a token.
"""

_WITH_A_LOGIN = """
Set `ZETASCOPE_LOGIN=on`, name who may come in with `ZETASCOPE_ALLOW` (such as `ada@example.org, example.com`)
and describe one or more OpenID Connect providers in `.streamlit/secrets.toml`. Then nothing but the health
check and the way to the provider answers before a visitor has logged in with an account that you named.
Logging out ends all sessions of the account, in every tab and browser; after a restart of the server
everybody logs in again. Browsers keep the login's cookie from frames of other sites: open a private Space at
its own address.
"""

SECRETS = """[auth]
redirect_uri = "https://zetascope.example.org/oauth2callback"
cookie_secret = "a long random text"
client_id = "..."
client_secret = "..."
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
"""


def draw(_dataset: DataSet) -> None:
    """The whole page below its question."""
    st.markdown(limits_in_words())

    st.subheader("Settings", anchor=False)
    st.caption(
        "Environment variables. Switches take on or off, numbers are above zero; a setting that is "
        "misspelled or cannot be read stops the server's start with a sentence."
    )
    alt = "Every setting with its default and its present value"
    # As wide as the longest number: Streamlit measures the first rows, and cuts the others without a mark.
    widths = {name: st.column_config.TextColumn(width=100) for name in ("default", "here")}
    st.dataframe(settings_frame(), hide_index=True, alt=alt, column_config=widths)

    st.subheader("On your own machine", anchor=False)
    st.markdown(_ON_YOUR_MACHINE)
    st.code("docker compose up --build", language="sh")

    st.subheader("In a Hugging Face Space", anchor=False)
    st.markdown(_IN_A_SPACE)

    st.subheader("With a login", anchor=False)
    st.markdown(_WITH_A_LOGIN)
    st.code(SECRETS, language="toml")
