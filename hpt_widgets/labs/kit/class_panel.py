"""The place in a lab from which a student joins a class: fields, a button, and a dot with words."""

from __future__ import annotations

import contextlib
import html
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import NO_RUN, read_rows, run_of_row, write_runs
from hpt_widgets.board.hub_pass import HubPass
from hpt_widgets.board.member import ClassMember
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.controls import MESSAGE_STYLE, button, disclosure
from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.hand_in_path import checked_file_path

JOIN_SECONDS: Final = 1.0
"""How long `ClassPanel.join` waits for the board's answer."""
FIELDS: Final = ("address", "code", "nickname")
# What a hub answers for its students.
_FIELDS_OF_HUB: Final = ("address", "code")
FIELD_STYLE: Final = {"description_width": "initial"}
EndedRun = tuple[Trial, int, bool]
# Colours that are told apart in either theme; the words beside them say the same.
_DOTS: Final = {"none": "#808080", "sent": "#009E73", "waiting": "#E69F00", "refused": "#D55E00"}


class ClassPanel:
    """A lab's connection to a class, and what is shown of it.

    Parameters
    ----------
    data_of : callable
        Takes a number of training samples, and returns the data that the lab trains on then.
    on_join, on_leave : callable, optional
        The lab's own methods, which the buttons call; by default those of the panel.

    Attributes
    ----------
    widget : Widget
        All of it.
    fields : dict of str to Text
        The fields: address, code, nickname.
    buttons : dict of str to Button
        Those to join and to leave.
    status : HTML
        The dot and its words.
    """

    def __init__(
        self,
        data_of: Callable[[int], Dataset],
        on_join: Callable[[str, str, str], object] | None = None,
        on_leave: Callable[[], None] | None = None,
    ) -> None:
        self._data_of = data_of
        self._hub = HubPass.from_environment()
        self._on_join = on_join or self.join
        self._fingerprints: dict[int, str] = {}
        self._lock = threading.RLock()
        self._member: ClassMember | None = None
        # What was wrong with the last attempt to join; it stays until the next one.
        self._problem = ""
        self.fields = {name: _field(name) for name in FIELDS}
        for name in _FIELDS_OF_HUB if self._hub else ():
            self.fields[name].layout.display = "none"
        self.buttons = {
            "join": button(translate("board.lab_join"), "", self._join_as_typed),
            "leave": button(translate("board.lab_leave"), "", on_leave or self.leave),
        }
        self.status = widgets.HTML()
        row = widgets.HBox(
            [*self.fields.values(), *self.buttons.values()], layout={"flex_flow": "row wrap"}
        )
        more, fewer = translate("board.lab_open"), translate("board.lab_close")
        self.widget = widgets.VBox([disclosure(more, fewer, row), self.status])
        self._show()

    @property
    def message(self) -> str:
        """How things stand with the class, in words; empty outside of one."""
        member = self._member
        return "" if member is None else member.message

    @property
    def waiting(self) -> int:
        """How many runs wait to be sent."""
        member = self._member
        return 0 if member is None else member.waiting

    def join(
        self, address: str | None = None, code: str | None = None, nickname: str | None = None
    ) -> None:
        """Join a class, and wait a moment for its answer; an earlier one is left.

        Parameters
        ----------
        address, code, nickname
            As for `ClassMember`. On a hub with a board of its own the first two are left out.

        Raises
        ------
        TypeError, ValueError
            If one of them can be none, or the board refuses them. A board that does not answer
            is tried again.
        """
        try:
            member = self._begin(address, code, nickname)
        except (TypeError, ValueError) as error:
            self._show_problem(str(error))
            raise
        if not member.wait_until_joined(JOIN_SECONDS) and member.state == "refused":
            message = member.message
            self.leave()
            self._show_problem(message)
            raise ValueError(message)
        self._show()

    def leave(self) -> None:
        """Send nothing more; what waits is kept for the next time."""
        with self._lock:
            member, self._member = self._member, None
            self._problem = ""
        if member is not None:
            member.close()
        self._show()

    def send(self, trial: Trial, n_train: int, *, changed: bool = False) -> None:
        """Send a run that has ended, where the lab is in a class. Returns at once.

        Parameters
        ----------
        trial : Trial
            The run.
        n_train : int
            How many training samples it had.
        changed : bool, default False
            Whether settings were changed in mid-run.
        """
        member = self._member
        if member is not None:
            member.send(trial, lambda: self._fingerprint(n_train), changed=changed)

    def hand_in(self, path: str | os.PathLike[str], ended: Iterable[EndedRun]) -> int:
        """Write runs to a file, for a board without a network.

        Those that stand in the file already, from a lab of before, stay in it.

        Parameters
        ----------
        path : str or path-like
            The file.
        ended : iterable of (Trial, int, bool)
            The lab's runs, each with its number of training samples and whether settings were
            changed in mid-run.

        Returns
        -------
        int
            How many runs the file holds.

        Raises
        ------
        TypeError, ValueError
            If the path is none, or there is no run yet; if another file lies there, or one of
            its runs can be read no more, so that it would be lost.
        OSError
            If the file cannot be read or written.
        """
        file = checked_file_path(path, "cedar-17.csv")
        own = {}
        for trial, n_train, changed in ended:
            # What the board would not take is no run of its task either.
            with contextlib.suppress(TypeError, ValueError):
                run = ClassRun(trial, self._fingerprint(n_train), changed)
                own[run.id] = run
        if not own:
            raise ValueError(translate("board.no_runs"))
        return write_runs({**_runs_in(file), **own}.values(), file)

    def close(self) -> None:
        """Leave the class, for the lab is closed."""
        self.leave()

    def _begin(self, address: str | None, code: str | None, nickname: str | None) -> ClassMember:
        # An empty field asks for a nickname to be drawn; other values are judged as they are.
        chosen = None if isinstance(nickname, str) and not nickname else nickname
        by_hub = self._hub if _is_left_out(address) and _is_left_out(code) else None
        if by_hub:
            token = by_hub.token
            member = ClassMember(by_hub.address, "", chosen, token=token, on_change=self._show)
        else:
            # None is judged as any other value that can be no address.
            member = ClassMember(address, code, chosen, on_change=self._show)  # type: ignore[arg-type]
        with self._lock:
            before, self._member = self._member, member
            self._problem = ""
        if before is not None:
            before.close()
        for name, value in zip(FIELDS, (address or "", code or "", member.nickname), strict=True):
            self.fields[name].value = value
        return member

    def _join_as_typed(self) -> None:
        with contextlib.suppress(TypeError, ValueError):  # said beside the fields
            self._on_join(*(self.fields[name].value.strip() for name in FIELDS))

    def _fingerprint(self, n_train: int) -> str:
        if n_train not in self._fingerprints:
            self._fingerprints[n_train] = data_fingerprint(self._data_of(n_train))
        return self._fingerprints[n_train]

    def _show(self) -> None:
        """Show how things stand; called on the member's thread too."""
        with self._lock:
            member = self._member
            self.buttons["leave"].layout.display = "none" if member is None else ""
            parts = [] if member is None else [_standing_of(member)]
            if self._problem:
                text = html.escape(self._problem)
                parts.insert(0, f'<span role="alert" style="{MESSAGE_STYLE}">{text}</span>')
            self.status.value = "<br>".join(parts)

    def _show_problem(self, message: str) -> None:
        with self._lock:
            self._problem = message
        self._show()


def _runs_in(file: Path) -> dict[str, ClassRun]:
    """Return the runs that a file of `ClassPanel.hand_in` has, by their ids.

    Raises
    ------
    ValueError
        If the file has anything else, which would be lost with it.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return {}
    rows = read_rows(content) if content.strip() else []
    values = {"value": str(file), "example": f"{file.stem}-2.csv"}
    if rows is None:
        raise ValueError(translate("board.other_file", **values))
    found = {}
    # A spreadsheet may leave rows of empty cells at the end.
    for number, row in enumerate((row for row in rows if any(row.values())), start=1):
        try:
            run = run_of_row(row)
        except NO_RUN as error:
            raise ValueError(translate("board.changed_file", number=number, **values)) from error
        found[run.id] = run
    return found


def _standing_of(member: ClassMember) -> str:
    kind = "waiting" if member.waiting else "sent"
    kind = {"joined": kind, "refused": "refused"}.get(member.state, "none")
    dot = f'<span aria-hidden="true" style="color:{_DOTS[kind]}">⬤</span>'
    words = html.escape(member.message)
    return f'<span role="status" class="hpt-status">{dot} {words}</span>'


def _is_left_out(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _field(name: str) -> Any:
    return widgets.Text(
        description=translate(f"board.lab_{name}"),
        placeholder=translate(f"board.lab_{name}_example"),
        style=FIELD_STYLE,
        layout={"width": "auto", "flex": "1 1 210px"},
    )
