"""The quiz of chapter 3.3."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "3.3"

QUESTIONS = (
    Question(
        prompt=Text(
            en="From which range does SciPy's `uniform(0.5, 0.3)` draw?",
            zh="SciPy 的 `uniform(0.5, 0.3)` 从哪个范围抽取？",
        ),
        choices=(
            Choice(
                Text(en="From 0.3 to 0.5", zh="0.3 到 0.5"),
                Text(
                    en="The numbers are not sorted: the first is the start.",
                    zh="两个数不会自动排序：第一个是起点。",
                ),
            ),
            Choice(
                Text(en="From 0.5 to 0.8", zh="0.5 到 0.8"),
                Text(
                    en="The start is 0.5 and the width 0.3.",
                    zh="起点 0.5，宽度 0.3。",
                ),
                right=True,
            ),
            Choice(
                Text(en="From nothing: it is an error", zh="抽不出来：会报错"),
                Text(
                    en="It is allowed, and that is the danger: nobody complains.",
                    zh="这样写是允许的，危险就在这里：没有任何报错。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Nine trials: a 3 × 3 grid, or nine draws. How many different learning rates does "
            "each try?",
            zh="九次试验：3 × 3 的网格，或随机抽九次。各试了多少个不同的学习率？",
        ),
        choices=(
            Choice(
                Text(en="Nine and nine", zh="九个和九个"),
                Text(
                    en="The grid repeats each learning rate with every value of the other "
                    "hyperparameter.",
                    zh="网格中，每个学习率都要与另一个超参数的每个值重复搭配。",
                ),
            ),
            Choice(
                Text(en="Three and nine", zh="三个和九个"),
                Text(
                    en="If the other hyperparameter matters little, six of the grid's nine trials "
                    "tell nothing new.",
                    zh="如果另一个超参数不太重要，网格的九次试验中有六次没有带来新信息。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Three and three", zh="三个和三个"),
                Text(
                    en="Draws from a continuous range practically never repeat.",
                    zh="从连续范围里抽取，几乎不会重复。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Random search with 10 draws reached 78 %, the grid with 27 combinations 84 %. "
            "What does that say?",
            zh="随机搜索抽 10 次，达到 78%；27 个组合的网格达到 84%。这说明什么？",
        ),
        choices=(
            Choice(
                Text(en="The grid is the better method", zh="网格是更好的方法"),
                Text(
                    en="It had 135 trainings against 50. The best of more is higher by itself.",
                    zh="它训练了 135 次，对方只有 50 次。次数多，最好的成绩自然高。",
                ),
            ),
            Choice(
                Text(
                    en="Ten draws are always too few",
                    zh="抽十次总是太少",
                ),
                Text(
                    en="It depends on how large the good region is. Ten draws meet the best tenth "
                    "two times out of three.",
                    zh="要看好的区域有多大。抽十次，三次中有两次能碰到最好的十分之一。",
                ),
            ),
            Choice(
                Text(
                    en="Little: the budgets differ, and it is one seed",
                    zh="说明不了多少：预算不同，而且只有一个种子",
                ),
                Text(
                    en="Compare at equal numbers of trainings, and repeat the draws.",
                    zh="应当在训练次数相等时比较，并且重复抽样。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Where does `uniform(0.001, 0.099)` draw most of its learning rates?",
            zh="`uniform(0.001, 0.099)` 抽到的学习率大多在哪里？",
        ),
        choices=(
            Choice(
                Text(en="Nine of ten above 0.01", zh="十分之九大于 0.01"),
                Text(
                    en="91 % of the width lies there. For a learning rate, `loguniform` gives each "
                    "factor of ten its share.",
                    zh="那里占了宽度的 91%。学习率应当用 `loguniform`，让每个十倍区间机会均等。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Evenly on the log scale", zh="在对数刻度上均匀分布"),
                Text(
                    en="That is `loguniform`.",
                    zh="那是 `loguniform`。",
                ),
            ),
            Choice(
                Text(en="Near the middle, 0.05", zh="在中点 0.05 附近"),
                Text(
                    en="All values are equally likely; the middle is nothing special.",
                    zh="所有的值机会均等，中点并不特别。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Why give `RandomizedSearchCV` a `random_state`?",
            zh="为什么要给 `RandomizedSearchCV` 设定 `random_state`？",
        ),
        choices=(
            Choice(
                Text(en="It finds better values", zh="这样能找到更好的值"),
                Text(
                    en="No seed is better than another.",
                    zh="种子没有好坏之分。",
                ),
            ),
            Choice(
                Text(en="It makes the search faster", zh="这样搜索更快"),
                Text(
                    en="The cost is the same.",
                    zh="花的时间一样。",
                ),
            ),
            Choice(
                Text(
                    en="So that the same draws can be made again",
                    zh="这样可以重复同样的抽样",
                ),
                Text(
                    en="A search that nobody can repeat cannot be checked either.",
                    zh="无法重复的搜索，也就无法检验。",
                ),
                right=True,
            ),
        ),
    ),
)
