"""What a reader sees of a lab and does with it, without a browser."""

import ipywidgets as widgets
from ipywidgets.widgets.widget import _instances as open_widgets

from hpt_widgets.labs.kit.lab import widgets_within

__all__ = ["bundle_of", "named", "open_widgets", "send", "text_of"]


def named(lab, description):
    """Return the control of this name that is on the screen."""
    found = [
        widget
        for widget in widgets_within(getattr(lab, "view", lab))
        if getattr(widget, "description", None) == description
    ]
    assert found, description
    return found[0]


def text_of(lab):
    """Return all words of a lab, or of one of its controls, as HTML."""
    kinds = (widgets.HTML, widgets.HTMLMath)
    found = widgets_within(getattr(lab, "view", lab))
    return " ".join(widget.value for widget in found if isinstance(widget, kinds))


def send(widget, content):
    """Do what a message of the widget's own view in the browser does."""
    data = {"method": "custom", "content": content}
    widget.comm.handle_msg({"content": {"data": data}, "buffers": []})


def page_of(shown):
    """Return what anything sends to the front end as HTML when it is displayed."""
    return shown._repr_html_()


def bundle_of(lab):
    """Return what a lab sends to the front end when it is displayed."""
    return lab._repr_mimebundle_()
