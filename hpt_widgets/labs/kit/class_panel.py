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
from hpt_widgets.board.csv_export import ENDINGS, NO_RUN, read_rows, run_of_row, write_runs
from hpt_widgets.board.hub_pass import HubPass
from hpt_widgets.board.kept_membership import (
    Membership,
    forget_membership,
    keep_membership,
    kept_membership,
)
from hpt_widgets.board.member import ClassMember
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.controls import MESSAGE_STYLE, button, disclosure
from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.hand_in_path import checked_file_path

JOIN_SECONDS: Final = 1.0
"""How long `ClassPanel.join` waits for the board's answer."""
_EXAMPLE: Final = "cedar-17.csv"
FIELDS: Final = ("address", "code", "nickname")
NO_MEMBERSHIP: Final = Membership("", "", "")
# What a hub answers for its students.
_FIELDS_OF_HUB: Final = ("address", "code")
FIELD_STYLE: Final = {"description_width": "initial"}
EndedRun = tuple[Trial, int, bool]
# Colours that are told apart in either theme; the words beside them say the same.
_DOTS: Final = {"none": "#808080", "sent": "#009E73", "waiting": "#E69F00", "refused": "#D55E00"}


class ClassPanel:
    """A lab's connection to a class, and what is shown of it.

    A lab that is made after the reader has joined with another one is not in the class by itself:
    it says so, and one press joins it as well.

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
        Those to join, to join again with what another lab has joined with, and to leave.
    status : HTML
        The dot and its words.
    badge : HTML
        The dot and two or three words, to stand beside the lab's state.
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
        # With what it has joined, and which of its states has been noted for later labs.
        self._membership, self._noted = NO_MEMBERSHIP, ""
        # What was wrong with the last attempt to join; it stays until the next one.
        self._problem = ""
        self._before = self._usable_membership()
        self.fields = {name: _field(name) for name in FIELDS}
        self._fill_in(self._before or NO_MEMBERSHIP)
        for name in _FIELDS_OF_HUB if self._hub else ():
            self.fields[name].layout.display = "none"
        self.buttons = {
            "join": button(translate("board.lab_join"), "", self._join_as_typed),
            "again": button(translate("board.lab_again"), "", self._join_as_typed),
            "leave": button(translate("board.lab_leave"), "", on_leave or self.leave),
        }
        self.status = widgets.HTML()
        self.badge = widgets.HTML()
        in_row = [*self.fields.values(), self.buttons["join"], self.buttons["leave"]]
        row = widgets.HBox(in_row, layout={"flex_flow": "row wrap"})
        more, fewer = translate("board.lab_open"), translate("board.lab_close")
        said = widgets.HBox([self.status, self.buttons["again"]], layout={"flex_flow": "row wrap"})
        self.widget = widgets.VBox([disclosure(more, fewer, row), said])
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
        has_joined = member.wait_until_joined(JOIN_SECONDS)
        self._on_news()
        if not has_joined and member.state == "refused":
            message = member.message
            self._end_membership()
            self._show_problem(message)
            raise ValueError(message)

    def leave(self) -> None:
        """Send nothing more; what waits is kept for the next time."""
        self._end_membership()
        forget_membership()
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
            If the path is none, its name does not end in ``.csv``, or there is no run yet; if
            another file lies there, or one of its runs can be read no more, so that it would be
            lost.
        OSError
            If the file cannot be read or written.
        """
        file = checked_file_path(path, _EXAMPLE)
        if not ENDINGS.search(file.name):
            raise ValueError(
                translate("board.other_ending", value=os.fspath(path), example=_EXAMPLE)
            )
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
        """Send nothing more, for the lab is closed; the reader's next one may join again."""
        self._end_membership()

    def _begin(self, address: str | None, code: str | None, nickname: str | None) -> ClassMember:
        # An empty field asks for a nickname to be drawn; other values are judged as they are.
        chosen = None if isinstance(nickname, str) and not nickname else nickname
        by_hub = self._hub if _is_left_out(address) and _is_left_out(code) else None
        if by_hub:
            token = by_hub.token
            member = ClassMember(by_hub.address, "", chosen, token=token, on_change=self._on_news)
        else:
            # None is judged as any other value that can be no address.
            member = ClassMember(address, code, chosen, on_change=self._on_news)  # type: ignore[arg-type]
        self._end_membership(member, Membership(address or "", code or "", member.nickname))
        self._fill_in(self._membership)
        return member

    def _end_membership(
        self,
        successor: ClassMember | None = None,
        membership: Membership = NO_MEMBERSHIP,
    ) -> None:
        """Put another membership, or none, in the place of the one that there is."""
        with self._lock:
            before, self._member = self._member, successor
            self._membership, self._noted = membership, ""
            self._problem, self._before = "", None
        if before is not None:
            before.close()

    def _usable_membership(self) -> Membership | None:
        """Return with what another lab has joined, where this one can join with the same."""
        kept = kept_membership()
        return kept if kept and (kept.address or self._hub) else None

    def _fill_in(self, membership: Membership) -> None:
        for name in FIELDS:
            self.fields[name].value = getattr(membership, name)

    def _join_as_typed(self) -> None:
        with contextlib.suppress(TypeError, ValueError):  # said beside the fields
            self._on_join(*(self.fields[name].value.strip() for name in FIELDS))

    def _fingerprint(self, n_train: int) -> str:
        if n_train not in self._fingerprints:
            self._fingerprints[n_train] = data_fingerprint(self._data_of(n_train))
        return self._fingerprints[n_train]

    def _on_news(self) -> None:
        """Note for later labs what has come of joining, and show how things stand."""
        with self._lock:
            state = "" if self._member is None else self._member.state
            if state != self._noted:
                self._noted = state
                if state == "joined":
                    keep_membership(self._membership)
                elif state == "refused" and kept_membership() == self._membership:
                    forget_membership()
        self._show()

    def _show(self) -> None:
        """Show how things stand; called on the member's thread too."""
        with self._lock:
            member, before = self._member, self._before
            self.buttons["leave"].layout.display = "none" if member is None else ""
            self.buttons["again"].layout.display = "none" if before is None else ""
            parts, badge = [], ""
            if member is not None:
                kind, message = _kind_of(member), member.message
                parts = [_standing(kind, message)]
                badge = _badge(kind, member.short_message, message)
            elif before is not None:
                message = translate("board.lab_outside", name=before.nickname)
                parts = [_standing("refused", message)]
                badge = _badge("refused", translate("board.short_outside"), message)
            if self._problem:
                text = html.escape(self._problem)
                parts.insert(0, f'<span role="alert" style="{MESSAGE_STYLE}">{text}</span>')
            self.status.value, self.badge.value = "<br>".join(parts), badge

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


def _kind_of(member: ClassMember) -> str:
    """Return which of the dots says how things stand."""
    kind = "waiting" if member.waiting else "sent"
    return {"joined": kind, "refused": "refused"}.get(member.state, "none")


def _standing(kind: str, message: str) -> str:
    return f'<span role="status" class="hpt-status">{_dot(kind)} {html.escape(message)}</span>'


def _badge(kind: str, words: str, message: str) -> str:
    # The message below is a status already: it would be read out twice.
    return f'<span title="{html.escape(message)}">{_dot(kind)} {html.escape(words)}</span>'


def _dot(kind: str) -> str:
    return f'<span aria-hidden="true" style="color:{_DOTS[kind]}">⬤</span>'


def _is_left_out(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _field(name: str) -> Any:
    return widgets.Text(
        description=translate(f"board.lab_{name}"),
        placeholder=translate(f"board.lab_{name}_example"),
        style=FIELD_STYLE,
        layout={"width": "auto", "flex": "1 1 210px"},
    )
