"""Errors of ``hpt_widgets.backprop.network``, and its steps in words."""

from hpt_widgets.language import Text

TEXTS = {
    # What is allowed ----------------------------------------------------------------------------
    "layer_sizes": Text(
        en="two or more numbers of units: of the inputs, the hidden layers, the outputs",
        zh="须为两个或更多整数，依次是输入、各隐藏层和输出的神经元数",
    ),
    "weights": Text(
        en="one matrix of finite numbers for each layer, as many as there are biases",
        zh="须为若干由有限数组成的矩阵，每层一个，层数与 biases 相同",
    ),
    "biases": Text(
        en="one list of finite numbers for each layer, one for each of its units",
        zh="每层须有一列有限数，每个神经元一个",
    ),
    "rows": Text(
        en="one row or more of finite numbers, each of length {width}",
        zh="须有一行或多行，每行 {width} 个有限数",
    ),
    "cross_entropy_output": Text(
        en='cross-entropy needs output_activation="sigmoid"',
        zh='交叉熵要求 output_activation="sigmoid"',
    ),
    "cross_entropy_targets": Text(
        en="numbers from 0 to 1 with cross-entropy", zh="使用交叉熵时须为 0 到 1 之间的数"
    ),
    # The phases and the steps -------------------------------------------------------------------
    "phase_forward": Text(en="forward", zh="前向传播"),
    "phase_error": Text(en="error", zh="误差"),
    "phase_backward": Text(en="backward", zh="反向传播"),
    "phase_gradient": Text(en="gradients", zh="梯度"),
    "hidden_sum": Text(
        en="Hidden unit h{unit} adds up its weighted inputs and its bias.",
        zh="隐藏神经元 h{unit} 对输入加权求和，再加偏置。",
    ),
    "hidden_activation": Text(
        en="The {activation} of this sum is what h{unit} sends on.",
        zh="对这个和取 {activation}，就是 h{unit} 的输出。",
    ),
    "output_sum": Text(
        en="The output unit adds up the weighted hidden values and its bias.",
        zh="输出神经元对三个隐藏神经元的值加权求和，再加偏置。",
    ),
    "output": Text(
        en="The {activation} of this sum is the network's answer y.",
        zh="对这个和取 {activation}，就是网络的输出 y。",
    ),
    "error": Text(
        en="The squared error compares the answer y with the target t.",
        zh="用平方误差比较输出 y 与目标值 t。",
    ),
    "output_delta": Text(
        en="The error signal of the output: how fast the error changes with the sum there. "
        "It is the difference y − t times the slope of the {activation}.",
        zh="输出神经元的误差信号：误差随该处加权和变化的快慢，"
        "等于差 y − t 乘以 {activation} 的斜率。",
    ),
    "hidden_delta": Text(
        en="The signal δ comes back to h{unit} through the same weight v{unit}, "
        "times the slope of the {activation} there.",
        zh="误差信号 δ 经同一个权重 v{unit} 传回 h{unit}，再乘以该处 {activation} 的斜率。",
    ),
    "output_weight_gradient": Text(
        en="The gradient of v{unit}: the signal at its end times the value at its beginning.",
        zh="v{unit} 的梯度：连线终点的误差信号乘以起点的值。",
    ),
    "output_bias_gradient": Text(
        en="The bias c acts like a weight on a constant 1: its gradient is the signal itself.",
        zh="偏置 c 相当于接在常数 1 上的权重，梯度就是误差信号本身。",
    ),
    "hidden_weight_gradient": Text(
        en="The gradient of w{input}{unit}: the signal at h{unit} times the input x{input}.",
        zh="w{input}{unit} 的梯度：h{unit} 的误差信号乘以输入 x{input}。",
    ),
    "hidden_bias_gradient": Text(
        en="The gradient of the bias b{unit} is the signal at h{unit} itself.",
        zh="偏置 b{unit} 的梯度就是 h{unit} 的误差信号本身。",
    ),
}
