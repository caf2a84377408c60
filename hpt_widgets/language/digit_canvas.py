"""What the digit canvas says."""

from hpt_widgets.language import Text

TEXTS = {
    "draw": Text(
        en="Draw a digit with mouse or finger:",
        zh="用鼠标或手指写一个数字：",
    ),
    "paper": Text(
        en="Paper for a digit, drawn with mouse or finger; Tab leads on, Delete wipes it",
        zh="手写区：用鼠标或手指写数字；Tab 键离开，Delete 键清空",
    ),
    "seen": Text(en="What the network sees:", zh="网络看到的图："),
    "clear": Text(en="Clear", zh="清空"),
    "undo": Text(en="Undo", zh="撤销一笔"),
    "digit": Text(en="digit", zh="数字"),
    "probability": Text(en="probability", zh="概率"),
    "nothing": Text(en="Nothing is drawn yet.", zh="还没有写。"),
    "read": Text(en="I read {digit} ({share}).", zh="这是 {digit}（{share}）。"),
    "unsure": Text(
        en="Perhaps {digit} ({share}), or {second} ({second_share})?",
        zh="可能是 {digit}（{share}），也可能是 {second}（{second_share}）？",
    ),
    "no_strokes": Text(
        en="strokes=[]: give at least one stroke, a list of points (x, y)",
        zh="strokes=[]：至少要有一笔，即若干点 (x, y) 的列表",
    ),
    "outside": Text(
        en="a stroke lies off the canvas: x and y go from 0 to {size}",
        zh="strokes 中有一笔完全在手写区之外：x 和 y 的范围是 0 到 {size}",
    ),
}
