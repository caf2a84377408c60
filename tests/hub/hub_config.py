"""The hub of `deploy/hub` for the tests: with simple logins, and a service that may do all."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub's own
load_subconfig(str(Path("deploy/hub/jupyterhub_config.py").resolve()))  # noqa: F821

c.JupyterHub.log_level = "WARN"
c.JupyterHub.hub_port = int(os.environ["HUB_PORT"])
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['PROXY_API_PORT']}"
c.ConfigurableHTTPProxy.command = os.environ["PROXY_COMMAND"].split("\n")
c.JupyterHub.authenticator_class = "dummy"
# Students have homes of their own below the test's folder.
c.SimpleLocalProcessSpawner.home_dir_template = os.environ["HOMES"] + "/{username}"
c.JupyterHub.services = [
    *c.JupyterHub.services,
    {"name": "tests", "api_token": os.environ["TESTS_TOKEN"]},
]
c.JupyterHub.load_roles = [
    *c.JupyterHub.load_roles,
    {
        "name": "tests",
        "services": ["tests"],
        "scopes": ["admin:users", "admin:servers", "access:servers", "tokens"],
    },
]
