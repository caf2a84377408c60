"""What the network lab says."""

from hpt_widgets.language import Text

TEXTS = {
    "unknown_setting": Text(
        en="{name}={value!r}: the network lab has no such setting; it has {allowed}",
        zh="{name}={value!r}：网络实验台没有这个设置，可用的有 {allowed}",
    ),
    "most_layers": Text(en="at most {most} hidden layers", zh="最多 {most} 个隐藏层"),
    "most_points": Text(
        en="There are {most} points already: take new ones first.",
        zh="已经有 {most} 个点了：请先换一组新的点。",
    ),
    "diverges": Text(
        en="With learning rate {rate} the loss grew beyond all bounds at step {step}: "
        "choose a smaller one, and begin again.",
        zh="学习率 {rate} 太大：第 {step} 步时损失已无限增大。请减小学习率，重新开始。",
    ),
    "task": Text(en="task", zh="任务"),
    "task_curve": Text(en="a curve: one input", zh="拟合曲线：一个输入"),
    "task_plane": Text(en="two classes in the plane", zh="平面上的两个类别"),
    "data": Text(en="data", zh="数据"),
    "data_sine": Text(en="sine", zh="正弦"),
    "data_bump": Text(en="bump", zh="单峰"),
    "data_steps": Text(en="steps", zh="阶梯"),
    "data_line": Text(en="line", zh="直线"),
    "data_circles": Text(en="circles", zh="同心圆"),
    "data_spirals": Text(en="spirals", zh="双螺旋"),
    "data_corners": Text(en="opposite corners", zh="对角（异或）"),
    "data_two_groups": Text(en="two groups", zh="两团"),
    "noise": Text(en="noise", zh="噪声"),
    "new_points": Text(en="Other points and weights", zh="换一组点和权重"),
    "added_class": Text(en="a click adds", zh="点击添加"),
    "added_class_0": Text(en="class 0 (orange)", zh="类别 0（橙色）"),
    "added_class_1": Text(en="class 1 (blue)", zh="类别 1（蓝色）"),
    "hidden_layers": Text(en="Hidden layers", zh="隐藏层"),
    "add_layer": Text(en="One layer more", zh="增加一层"),
    "remove_layer": Text(en="One layer fewer", zh="减少一层"),
    "layer": Text(en="units in layer {layer}", zh="第 {layer} 层神经元数"),
    "activation": Text(en="activation", zh="激活函数"),
    "activation_identity": Text(en="none", zh="无"),
    "activation_relu": Text(en="relu", zh="relu"),
    "activation_sigmoid": Text(en="sigmoid", zh="sigmoid"),
    "activation_tanh": Text(en="tanh", zh="tanh"),
    "learning_rate": Text(en="learning rate η", zh="学习率 η"),
    "x": Text(en="input x to follow", zh="跟踪的输入 x"),
    "x1": Text(en="input x₁ to follow", zh="跟踪的输入 x₁"),
    "x2": Text(en="input x₂ to follow", zh="跟踪的输入 x₂"),
    "weight": Text(en="weight or bias", zh="权重或偏置"),
    "value": Text(en="its value", zh="数值"),
    "parameter": Text(en="layer {layer}: {symbol}", zh="第 {layer} 层：{symbol}"),
    "play": Text(en="Train", zh="训练"),
    "pause": Text(en="Pause", zh="暂停"),
    "step": Text(en="Step", zh="一步"),
    "restart": Text(en="Restart", zh="重来"),
    "steps": Text(en="steps", zh="步数"),
    "loss": Text(en="loss", zh="损失"),
    "state_curve": Text(en="Step {step:,}: loss {loss}.", zh="第 {step:,} 步：损失 {loss}。"),
    "state_plane": Text(
        en="Step {step:,}: loss {loss}, {share} of the points on the right side.",
        zh="第 {step:,} 步：损失 {loss}，{share} 的点分类正确。",
    ),
    "is_line": Text(
        en="Without an activation it stays a straight line, however many layers.",
        zh="没有激活函数，无论有多少层，都只是一条直线。",
    ),
    "is_plane": Text(
        en="Without an activation the boundary stays a straight line, however many layers.",
        zh="没有激活函数，无论有多少层，决策边界都只是一条直线。",
    ),
    "hint_curve": Text(
        en="A dashed line is what one unit of the last hidden layer adds, in the colour of its "
        "ring. All of them and the output's bias make the green line, the answer. Click to add a "
        "point. Blue weights are positive, orange negative.",
        zh="每条虚线是最后一个隐藏层中一个神经元的贡献，颜色与其圆圈相同；各条虚线加上输出的偏置，"
        "就是绿线，即网络的输出。点击图面可添加点。蓝色权重为正，橙色为负。",
    ),
    "hint_plane": Text(
        en="The black line is the boundary: there both classes are as likely. Click to add a "
        "point. The cross is the input that is followed. Blue weights are positive, orange "
        "negative.",
        zh="黑线是决策边界：线上两类的可能性相等。点击图面可添加点。十字是跟踪的输入。"
        "蓝色权重为正，橙色为负。",
    ),
    "drawing": Text(
        en="A network of {sizes} units with the values that flow through it",
        zh="神经元数为 {sizes} 的网络及流过其中的数值",
    ),
}
