"""The quiz of chapter 1."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "1"

QUESTIONS = (
    Question(
        prompt=Text(en="What does a training change?", zh="训练改变的是什么？"),
        choices=(
            Choice(
                Text(en="The number of units", zh="单元的个数"),
                Text(
                    en="You decide on it before the training: it is a hyperparameter.",
                    zh="它在训练之前由你决定：是超参数。",
                ),
            ),
            Choice(
                Text(en="The weights and biases", zh="权重和偏置"),
                Text(
                    en="Nothing else. The computation stays the same, its numbers change.",
                    zh="只有它们。计算方式不变，变的是其中的数。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The labels of the pictures", zh="图片的标签"),
                Text(
                    en="They are the right answers, by which the loss is measured.",
                    zh="标签是正确答案，损失就是按它来计算的。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="A layer of 20 units looks at 100 inputs. How many parameters does it have?",
            zh="一层有 20 个单元，输入有 100 个。这一层有多少个参数？",
        ),
        choices=(
            Choice(
                Text(en="120", zh="120"),
                Text(
                    en="Each unit has a weight of its own for each input: multiply.",
                    zh="每个单元对每个输入都有自己的权重：应当相乘。",
                ),
            ),
            Choice(
                Text(en="2,000", zh="2,000"),
                Text(
                    en="These are the weights; each unit has a bias as well.",
                    zh="这是权重的个数；每个单元还有一个偏置。",
                ),
            ),
            Choice(
                Text(en="2,020", zh="2,020"),
                Text(
                    en="100 · 20 weights and 20 biases.",
                    zh="100 · 20 个权重，加 20 个偏置。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="After a few updates the loss stands at 50,000. What do you try first?",
            zh="才更新几次，损失就到了 50,000。你首先试什么？",
        ),
        choices=(
            Choice(
                Text(en="A smaller learning rate", zh="更小的学习率"),
                Text(
                    en="The training diverges: each step overshoots by more than the one before.",
                    zh="训练发散了：每一步都比上一步冲过头更多。",
                ),
                right=True,
            ),
            Choice(
                Text(en="More epochs", zh="多训练几轮"),
                Text(
                    en="More of the same steps lead further away.",
                    zh="同样的步子再多走几步，只会离得更远。",
                ),
            ),
            Choice(
                Text(en="More training pictures", zh="更多的训练图"),
                Text(
                    en="The pictures are not to blame: with smaller steps the same ones do.",
                    zh="问题不在图片：步子小一些，同样的图就能学好。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Training loss 0.001, validation loss 0.5 and rising. What helps most?",
            zh="训练损失 0.001，验证损失 0.5 而且在上升。什么最有用？",
        ),
        choices=(
            Choice(
                Text(en="More epochs", zh="多训练几轮"),
                Text(
                    en="There is nothing left to learn from the training pictures; the network "
                    "only gets surer of its mistakes.",
                    zh="训练图里已经没有可学的了；网络只会对自己的错误越来越自信。",
                ),
            ),
            Choice(
                Text(en="More units", zh="增加单元"),
                Text(
                    en="They make it easier still to learn everything by heart.",
                    zh="那样更容易死记硬背。",
                ),
            ),
            Choice(
                Text(en="More training pictures", zh="更多的训练图"),
                Text(
                    en="This is overfitting, and what has not been seen before cannot be "
                    "remembered, only understood.",
                    zh="这是过拟合。没见过的图背不下来，只能真正学会。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Training loss and validation loss both stopped falling at 1.6. What do you try?",
            zh="训练损失和验证损失都停在 1.6，不再下降。你试什么？",
        ),
        choices=(
            Choice(
                Text(en="Stop earlier", zh="提前停止"),
                Text(
                    en="Stopping earlier helps where the validation loss has turned round.",
                    zh="验证损失掉头上升时，提前停止才有用。",
                ),
            ),
            Choice(
                Text(en="More units", zh="增加单元"),
                Text(
                    en="The network cannot even hold its training pictures: underfitting.",
                    zh="网络连训练图都学不下来：这是欠拟合。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Weight decay", zh="权重衰减"),
                Text(
                    en="It holds the weights back still more. It is meant against overfitting.",
                    zh="它会把权重限制得更死。它是用来对付过拟合的。",
                ),
            ),
        ),
    ),
)
