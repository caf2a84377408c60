"""What is said of a student's name."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "refused": Text(
        en="{parameter}={value!r} must be your name, one line of at most {most} characters",
        zh="{parameter}={value!r} 必须是你的姓名，一行文字，不超过 {most} 个字符",
    ),
    "placeholder": Text(
        en="{parameter}={value!r} stands in the guide for your own name: write that, with at most "
        "{most} characters",
        zh="{parameter}={value!r} 在说明里代表你自己的姓名：请写你的姓名，不超过 {most} 个字符",
    ),
}
