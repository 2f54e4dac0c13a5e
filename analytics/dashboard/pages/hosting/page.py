"""The page for owners: every setting with its default, and where Zetascope can run."""

import streamlit as st

from analytics.dashboard.pages.hosting.environment import limits_in_words, settings_frame
from analytics.dashboard.server.datasets import DataSet

_ON_YOUR_MACHINE = """
`make run` serves at port 8501 of this machine. For others on a private network, put a reverse proxy with
HTTPS in front of it that forwards WebSockets, or run the container:
"""

_IN_A_SPACE = """
Create a Docker Space and push this repository to it; its README already carries the Space's configuration.
A Space shows the dashboard inside another site's frame, where browsers withhold the cookie that guards
uploads. The start script therefore turns that guard off there, and only there. Add `?embed=true` to the
address to hide the toolbar, and `&embed_options=dark_theme` or `light_theme` to choose the look.
"""

_WITH_A_LOGIN = """
Set `ZETASCOPE_LOGIN=on` and describe any OpenID Connect provider in `.streamlit/secrets.toml`. Then no page,
upload or download answers before a visitor has logged in.
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
        "Environment variables, read when the server starts or a page is drawn. Switches take on or off."
    )
    alt = "Every setting with its default and its present value"
    st.dataframe(settings_frame(), hide_index=True, alt=alt)

    st.subheader("On your own machine", anchor=False)
    st.markdown(_ON_YOUR_MACHINE)
    st.code("docker compose up --build", language="sh")

    st.subheader("In a Hugging Face Space", anchor=False)
    st.markdown(_IN_A_SPACE)

    st.subheader("With a login", anchor=False)
    st.markdown(_WITH_A_LOGIN)
    st.code(SECRETS, language="toml")
