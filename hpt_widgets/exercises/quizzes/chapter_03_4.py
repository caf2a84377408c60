"""The quiz of chapter 3.4."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "3.4"

QUESTIONS = (
    Question(
        prompt=Text(
            en="What does `hp.loguniform('x', -3, 0)` draw?",
            zh="`hp.loguniform('x', -3, 0)` 抽取什么范围的值？",
        ),
        choices=(
            Choice(
                Text(en="From 0.001 to 1", zh="0.001 到 1"),
                Text(
                    en="That would be powers of ten; hyperopt's base is e.",
                    zh="那是 10 的幂；hyperopt 的底数是 e。",
                ),
            ),
            Choice(
                Text(en="From 0.05 to 1", zh="0.05 到 1"),
                Text(
                    en="e to the −3 is 0.0498, e to the 0 is 1.",
                    zh="e 的 −3 次方是 0.0498，e 的 0 次方是 1。",
                ),
                right=True,
            ),
            Choice(
                Text(en="From −3 to 0", zh="−3 到 0"),
                Text(
                    en="These are the exponents.",
                    zh="这是指数。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Somebody compares TPE and random search with 20 evaluations each, and finds no "
            "difference. Why?",
            zh="有人用 TPE 和随机搜索各评估 20 次来比较，发现没有差别。为什么？",
        ),
        choices=(
            Choice(
                Text(
                    en="The two were equally good on this problem",
                    zh="两者在这个问题上一样好",
                ),
                Text(
                    en="That was not tested: TPE did not begin to work.",
                    zh="这一点并没有检验到：TPE 还没有开始工作。",
                ),
            ),
            Choice(
                Text(en="TPE needs a smaller space", zh="TPE 需要更小的空间"),
                Text(
                    en="The size of the space is not the reason.",
                    zh="原因不在空间的大小。",
                ),
            ),
            Choice(
                Text(
                    en="TPE's first 20 evaluations are random search",
                    zh="TPE 的前 20 次评估就是随机搜索",
                ),
                Text(
                    en="With the same seed they are the same values, one by one. hyperopt's "
                    "`n_startup_jobs` is 20.",
                    zh="种子相同时，连抽到的值都逐个相同。hyperopt 的 `n_startup_jobs` 是 20。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="An objective returns minus the accuracy on the *training* data. Which settings "
            "does it prefer?",
            zh="目标函数返回准确率的负值，但准确率是在训练数据上测的。它会偏爱怎样的设置？",
        ),
        choices=(
            Choice(
                Text(
                    en="Those with which the network memorises",
                    zh="让网络死记硬背的设置",
                ),
                Text(
                    en="Long training and no regularisation reach 100 % there, whatever happens "
                    "on new data.",
                    zh="训练得久、不用正则化，在训练数据上就能达到 100%，新数据上如何它不管。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The fastest ones", zh="训练最快的设置"),
                Text(
                    en="Time does not appear in the loss.",
                    zh="损失里没有时间。",
                ),
            ),
            Choice(
                Text(
                    en="The same as on validation data",
                    zh="与用验证数据时相同的设置",
                ),
                Text(
                    en="With much data and one epoch nearly so; with little data and many epochs "
                    "it cannot tell them apart.",
                    zh="数据多、只训练一轮时差不多；数据少、轮数多时，它就分不出好坏。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="`hp.choice('optimizer', ['sgd', 'adam'])`: fmin returns `{'optimizer': 1}`. What "
            "won?",
            zh="`hp.choice('optimizer', ['sgd', 'adam'])`：fmin 返回 `{'optimizer': 1}`。谁赢了？",
        ),
        choices=(
            Choice(
                Text(en="`'sgd'`", zh="`'sgd'`"),
                Text(
                    en="Counting begins with 0.",
                    zh="编号从 0 开始。",
                ),
            ),
            Choice(
                Text(en="`'adam'`", zh="`'adam'`"),
                Text(
                    en="1 is the index. `space_eval(space, best)` gives the value itself.",
                    zh="1 是索引。用 `space_eval(space, best)` 可以得到值本身。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Both were tried once", zh="两个各试了一次"),
                Text(
                    en="The result says nothing about how often.",
                    zh="结果里并没有次数。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="After 100 evaluations TPE reports its best setting. What is certain?",
            zh="评估 100 次之后，TPE 报告了它的最优设置。可以肯定什么？",
        ),
        choices=(
            Choice(
                Text(en="It is the global optimum", zh="它是全局最优"),
                Text(
                    en="No finite number of evaluations guarantees that.",
                    zh="有限次评估不可能保证这一点。",
                ),
            ),
            Choice(
                Text(
                    en="It is better than random search's",
                    zh="它比随机搜索的结果好",
                ),
                Text(
                    en="Often, not always; and the lead may be smaller than the seed noise.",
                    zh="常常是，但不总是；而且领先幅度可能还不及种子带来的波动。",
                ),
            ),
            Choice(
                Text(
                    en="It is the best of the 100 it tried",
                    zh="它是试过的 100 个中最好的",
                ),
                Text(
                    en="That is all. Repeat it with other seeds, and train the winner anew.",
                    zh="仅此而已。换几个种子再搜索，并把最优设置重新训练几次。",
                ),
                right=True,
            ),
        ),
    ),
)
