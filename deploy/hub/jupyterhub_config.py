"""A JupyterHub for a class: the workbook in both languages, and the class board as its service.

    jupyterhub --config deploy/hub/jupyterhub_config.py

What differs from school to school stands in environment variables:

HPT_HUB_FOLDER
    Where the hub and the board keep their files (default: /srv/hub).
HPT_HUB_ADDRESS
    Where the hub listens (default: http://:8000).
HPT_BOARD_ADDRESS
    Where the board listens, for the hub alone (default: http://127.0.0.1:8899).
HPT_TEACHERS
    The accounts of the teachers, with spaces between: they see the teacher's page of the board.
    They have to exist on this machine, or the hub does not start; see HPT_MAKE_ACCOUNTS.
HPT_MAKE_ACCOUNTS
    1: the hub makes accounts that do not exist yet (without a password, which passwd sets). The
    container does so, for it begins without any.
HPT_HUB_LANGUAGE
    en or zh: what the language is set to before a student chooses (default: en).
HPT_MEMORY
    Bytes for each of a student's processes, that is, for each open notebook (default: 3 GiB).
HPT_IDLE_HOURS
    A notebook that no page shows ends when nothing has happened in it for so many hours, and a
    student's server without notebooks after as many more (default: 3; 0: never). Files stay.
HPT_SPAWNER
    Another way to start servers (default: one local account for each student).

A class's rules (docs/teaching.md) are handed on to the notebooks: HPT_SOLUTIONS_FROM and
HPT_HINTS_FROM.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

c = get_config()  # noqa: F821 - JupyterHub's own

FOLDER = Path(os.environ.get("HPT_HUB_FOLDER", "/srv/hub"))
ADDRESS = os.environ.get("HPT_HUB_ADDRESS", "http://:8000")
BOARD_ADDRESS = os.environ.get("HPT_BOARD_ADDRESS", "http://127.0.0.1:8899")
LANGUAGE = os.environ.get("HPT_HUB_LANGUAGE", "en")
MEMORY = int(os.environ.get("HPT_MEMORY", 3 * 2**30))
IDLE_SECONDS = int(3600 * float(os.environ.get("HPT_IDLE_HOURS", 3)))
TEACHERS = os.environ.get("HPT_TEACHERS", "").split()
MAKES_ACCOUNTS = os.environ.get("HPT_MAKE_ACCOUNTS") == "1"
RULES = ("HPT_SOLUTIONS_FROM", "HPT_HINTS_FROM")

FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.bind_url = ADDRESS
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")
# Where `npm install --prefix deploy/hub` puts it; elsewhere it is looked for on the PATH.
PROXY = Path(__file__).resolve().parent / "node_modules" / ".bin" / "configurable-http-proxy"
if PROXY.exists():
    c.ConfigurableHTTPProxy.command = [str(PROXY)]

# -- who may do what ------------------------------------------------------------------------------

# Local accounts (PAM) by default; another authenticator of JupyterHub goes here as well.
c.Authenticator.allow_all = True
c.LocalAuthenticator.create_system_users = MAKES_ACCOUNTS


def has_account(name):
    """Return whether this machine has an account of a name."""
    import pwd

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


# JupyterHub ends then with a traceback; another authenticator than the local one goes on.
missing = [] if MAKES_ACCOUNTS else [name for name in TEACHERS if not has_account(name)]
if missing:
    print(  # noqa: T201
        f"HPT_TEACHERS: this machine has no account {', '.join(missing)}, and a hub with local "
        "accounts does not start without: make it (adduser), or set HPT_MAKE_ACCOUNTS=1.",
        file=sys.stderr,
    )

USE_BOARD = "access:services!service=board"
TEACH = "custom:board:teach"
c.JupyterHub.custom_scopes = {TEACH: {"description": "See the teacher's page of the class board"}}
c.JupyterHub.load_roles = [
    # The defaults of JupyterHub, and the board.
    {"name": "user", "scopes": ["self", USE_BOARD]},
    {
        "name": "server",
        "scopes": ["users:activity!user", "access:servers!server", USE_BOARD],
    },
    {"name": "teacher", "scopes": [TEACH], "users": TEACHERS},
]

# -- the board ------------------------------------------------------------------------------------

c.JupyterHub.services = [
    {
        "name": "board",
        "url": BOARD_ADDRESS,
        "command": [sys.executable, "-m", "hpt_widgets", "board", "--hub", "--folder",
                    str(FOLDER / "board"), "--language", LANGUAGE],
        # A teacher's login at the board carries the teacher's scope.
        "oauth_client_allowed_scopes": [USE_BOARD, TEACH],
        "oauth_no_confirm": True,
    }
]  # fmt: skip

# -- each student's server ------------------------------------------------------------------------

# Each process gets so much memory for its data: a notebook that wants more ends with an error of
# its own, and the others go on. The kernel of the system holds it for local accounts; a spawner
# that starts containers holds mem_limit.
c.Spawner.cmd = ["prlimit", f"--data={MEMORY}", sys.executable, "-m", "hpt_widgets.app.hub_server"]
# A notebook of which a page is open is not idle.
c.Spawner.args = [
    f"--MappingKernelManager.cull_idle_timeout={IDLE_SECONDS}",
    f"--ServerApp.shutdown_no_activity_timeout={IDLE_SECONDS}",
]
c.Spawner.mem_limit = MEMORY
c.Spawner.mem_guarantee = MEMORY // 2
c.Spawner.cpu_limit = 2
c.Spawner.cpu_guarantee = 0.25
c.Spawner.default_url = "/lab/tree/00-start-here.ipynb"
# The first start copies the notebooks, and a whole class starts at once.
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
if os.environ.get("HPT_SPAWNER"):
    c.JupyterHub.spawner_class = os.environ["HPT_SPAWNER"]

# How a kernel reaches the board: by the proxy, which is on this computer too. In another network
# (containers) it is the proxy's name there.
PORT = urlsplit(ADDRESS).port or 80
ENVIRONMENT = {
    "HPT_BOARD": f"http://127.0.0.1:{PORT}/services/board/",
    "HPT_WORKBOOK": "~/workbook",
    "HPT_LANGUAGE": LANGUAGE,
}
ENVIRONMENT |= {name: os.environ[name] for name in RULES if os.environ.get(name)}
c.Spawner.environment = ENVIRONMENT

c.Spawner.options_form = f"""
<label for="language">Language / 语言</label>
<select name="language" id="language" class="form-control">
  <option value="en" {"selected" if LANGUAGE == "en" else ""}>English</option>
  <option value="zh" lang="zh-CN" {"selected" if LANGUAGE == "zh" else ""}>中文</option>
</select>
"""


def read_form(form):
    """Return what a student has chosen."""
    return {"language": form.get("language", [LANGUAGE])[0]}


def apply(spawner, options):
    """Give the server the language that its student has chosen."""
    chosen = options.get("language", LANGUAGE)
    if chosen in ("en", "zh"):
        spawner.environment["HPT_LANGUAGE"] = chosen


c.Spawner.options_from_form = read_form
c.Spawner.apply_user_options = apply
