"""The quiz of chapter 3.2."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "3.2"

QUESTIONS = (
    Question(
        prompt=Text(
            en="You add a fourth hyperparameter with three values to the article's grid. How "
            "many trainings does the search make, with 5 folds and the last one?",
            zh="在文章的网格里加入第四个超参数，取三个值。5 折交叉验证，加上最后一次，"
            "一共训练多少次？",
        ),
        choices=(
            Choice(
                Text(en="139", zh="139"),
                Text(
                    en="Three more would be adding. Each of the 27 combinations meets all three "
                    "values.",
                    zh="多三次是相加。27 个组合中的每一个都要与这三个值搭配。",
                ),
            ),
            Choice(
                Text(en="151", zh="151"),
                Text(
                    en="This is 15 more. The 27 combinations become 81.",
                    zh="这只多了 15 次。27 个组合会变成 81 个。",
                ),
            ),
            Choice(
                Text(en="406", zh="406"),
                Text(
                    en="81 combinations × 5 folds + 1. Each further hyperparameter multiplies.",
                    zh="81 个组合 × 5 折 + 1。每多一个超参数都是相乘。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Why can `GridSearchCV` not set the learning rate of a Keras model?",
            zh="为什么 `GridSearchCV` 不能设置 Keras 模型的学习率？",
        ),
        choices=(
            Choice(
                Text(en="Keras models are too slow", zh="Keras 模型太慢"),
                Text(
                    en="Speed is another matter: it stops before the first training.",
                    zh="与速度无关：第一次训练还没开始就停了。",
                ),
            ),
            Choice(
                Text(
                    en="It is no scikit-learn estimator with such a parameter",
                    zh="它不是带这个参数的 scikit-learn 估计器",
                ),
                Text(
                    en="The learning rate belongs to the optimiser, the batch size to `fit`, the "
                    "dropout rate to a layer. An estimator has all three as its own parameters.",
                    zh="学习率属于优化器，批大小属于 `fit`，dropout 率属于某一层。"
                    "估计器则把三者都作为自己的参数。",
                ),
                right=True,
            ),
            Choice(
                Text(en="A grid needs at least four values", zh="网格至少要有四个值"),
                Text(
                    en="A grid may have any number of values, even one.",
                    zh="网格可以取任意多个值，一个也行。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="The best learning rate is the largest of the grid. What do you do next?",
            zh="最优的学习率是网格里最大的那个。下一步做什么？",
        ),
        choices=(
            Choice(
                Text(en="Take it: it won", zh="采用它：它赢了"),
                Text(
                    en="It won among three. Nothing was tried above it.",
                    zh="它只是三个之中最好的。比它大的还没试过。",
                ),
            ),
            Choice(
                Text(
                    en="Search again with larger values around it",
                    zh="在它周围、包括更大的值，再搜索一次",
                ),
                Text(
                    en="A winner at an edge shows where to look, not where to stop.",
                    zh="最优值在边界上，指出的是往哪里找，而不是到此为止。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Search again with more folds", zh="增加折数再搜索一次"),
                Text(
                    en="More folds measure the same values more exactly. The better one may not be "
                    "among them.",
                    zh="折数多，只是把同样的值测得更准；更好的值可能根本不在其中。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="The first two of a grid differ by half a point, and seeds move a result by one "
            "and a half. What follows?",
            zh="网格的前两名相差半个百分点，而换随机种子会使结果变动一个半百分点。"
            "由此可得什么结论？",
        ),
        choices=(
            Choice(
                Text(en="The first one is better", zh="第一名更好"),
                Text(
                    en="With another seed the second may win. One run does not tell.",
                    zh="换一个种子，第二名可能就赢了。一次训练说明不了问题。",
                ),
            ),
            Choice(
                Text(en="The grid is too coarse", zh="网格太稀"),
                Text(
                    en="That may be, but this difference does not show it.",
                    zh="有可能，但这个差别并不能说明这一点。",
                ),
            ),
            Choice(
                Text(
                    en="The two cannot be told apart yet",
                    zh="这两个还分不出高下",
                ),
                Text(
                    en="Train both with several seeds and compare the means, or take the cheaper.",
                    zh="两个都用几个种子训练，比较平均值；或者干脆选便宜的那个。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="“Grid search easily falls into a local optimum.” What is true?",
            zh="“网格搜索容易陷入局部最优。”哪种说法符合事实？",
        ),
        choices=(
            Choice(
                Text(en="Yes, it walks downhill", zh="对，它是沿下坡走的"),
                Text(
                    en="It does not walk: where it looks next does not depend on what it saw.",
                    zh="它并不“走”：接下来看哪里，与已经看到的结果无关。",
                ),
            ),
            Choice(
                Text(
                    en="It misses what lies between its grid lines",
                    zh="它看不到网格线之间的值",
                ),
                Text(
                    en="It tries every point of the grid and nothing else.",
                    zh="网格上的每个点它都试，网格之外的一个也不试。",
                ),
                right=True,
            ),
            Choice(
                Text(en="No, it finds the best setting of all", zh="不对，它能找到全局最优"),
                Text(
                    en="It finds the best of its points. Between and beyond them it saw nothing.",
                    zh="它找到的是这些点中最好的；点与点之间、网格之外，它都没看。",
                ),
            ),
        ),
    ),
)
