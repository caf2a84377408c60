"""The quiz of chapter 4.2."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "4.2"

QUESTIONS = (
    Question(
        prompt=Text(en="What does backpropagation compute?", zh="反向传播计算的是什么？"),
        choices=(
            Choice(
                Text(en="The new weights", zh="新的权重"),
                Text(
                    en="That is what the optimiser does with the result.",
                    zh="那是优化器拿到结果之后做的事。",
                ),
            ),
            Choice(
                Text(en="The error of every sample", zh="每个样本的误差"),
                Text(
                    en="The forward pass gives that.",
                    zh="那是前向传播给出的。",
                ),
            ),
            Choice(
                Text(
                    en="The derivative of the error by every weight",
                    zh="误差对每个权重的导数",
                ),
                Text(
                    en="All of them in one backward pass, by the chain rule.",
                    zh="用链式法则，一次反向传播就全部求出。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="The gradient of the weight from unit a to unit b is the product of what?",
            zh="从单元 a 到单元 b 的权重，其梯度是哪两个量的乘积？",
        ),
        choices=(
            Choice(
                Text(en="The value of a and the error signal of b", zh="a 的值和 b 的误差信号"),
                Text(
                    en="A weight matters as much as what flows in at one end and what is needed at "
                    "the other.",
                    zh="权重的作用，取决于一端流入多少、另一端需要改变多少。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The error signals of a and b", zh="a 和 b 的误差信号"),
                Text(
                    en="The signal of a belongs to the weights that lead into a.",
                    zh="a 的误差信号属于通向 a 的那些权重。",
                ),
            ),
            Choice(
                Text(en="The values of a and b", zh="a 和 b 的值"),
                Text(
                    en="Then the target would have no say.",
                    zh="那样目标值就不起作用了。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Many sigmoid layers one after the other: what happens to the signals on their way "
            "back?",
            zh="许多 sigmoid 层接连排列：误差信号往回传时会怎样？",
        ),
        choices=(
            Choice(
                Text(en="They stay as they are", zh="保持不变"),
                Text(
                    en="Only if slopes and weights multiply to 1, which a sigmoid's 1/4 hinders.",
                    zh="只有斜率与权重之积等于 1 才会这样，而 sigmoid 的斜率最多只有 1/4。",
                ),
            ),
            Choice(
                Text(en="They tend to shrink", zh="往往越来越小"),
                Text(
                    en="Each layer multiplies by a slope of at most 1/4: the gradient vanishes.",
                    zh="每层都乘以一个不超过 1/4 的斜率：梯度消失。",
                ),
                right=True,
            ),
            Choice(
                Text(en="They change their sign at each layer", zh="每过一层就变号"),
                Text(
                    en="The slope of a sigmoid is positive; the sign comes from the weights.",
                    zh="sigmoid 的斜率是正的；符号由权重决定。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="All weights start at the same value. What goes wrong?",
            zh="所有权重的初始值都相同，会出什么问题？",
        ),
        choices=(
            Choice(
                Text(en="The hidden units stay alike for ever", zh="隐藏单元永远一模一样"),
                Text(
                    en="Equal values, equal signals, equal updates: three units do the work of "
                    "one.",
                    zh="值相同，信号相同，更新也相同：三个单元只顶一个用。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The gradient is not defined", zh="梯度没有定义"),
                Text(
                    en="It is defined, and the same for all hidden units: that is the trouble.",
                    zh="梯度有定义，而且对所有隐藏单元都相同：问题正在这里。",
                ),
            ),
            Choice(
                Text(en="Nothing, it is only slower", zh="没有问题，只是慢一些"),
                Text(
                    en="No number of steps makes the units differ.",
                    zh="走多少步，这些单元也不会变得不同。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="A gradient check compares with central differences. Why not simply train with "
            "those?",
            zh="梯度检验用中心差分来对照。为什么不干脆用它来训练？",
        ),
        choices=(
            Choice(
                Text(en="They are wrong", zh="它算得不对"),
                Text(
                    en="They agree to many digits, or the check would be worth nothing.",
                    zh="它能精确到许多位，否则检验就没有意义了。",
                ),
            ),
            Choice(
                Text(en="They work for sigmoids only", zh="它只适用于 sigmoid"),
                Text(
                    en="They work for any smooth function.",
                    zh="它适用于任何光滑的函数。",
                ),
            ),
            Choice(
                Text(
                    en="They need two forward passes for each weight",
                    zh="每个权重都要做两次前向传播",
                ),
                Text(
                    en="218,772 of them for the 109,386 parameters of our MNIST network, against "
                    "one backward pass.",
                    zh="我们的 MNIST 网络有 109,386 个参数，需要 218,772 次，而反向传播只要一次。",
                ),
                right=True,
            ),
        ),
    ),
)
