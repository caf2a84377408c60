"""The quiz of chapter 5."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "5"

QUESTIONS = (
    Question(
        prompt=Text(
            en="Why does it matter that no test picture is among the training pictures too?",
            zh="测试图不能同时出现在训练图中，为什么这很重要？",
        ),
        choices=(
            Choice(
                Text(en="It would be trained on twice", zh="它会被训练两次"),
                Text(
                    en="A repeated training picture does little harm. The trouble is on the other "
                    "side.",
                    zh="训练图重复一张，影响不大。问题出在另一边。",
                ),
            ),
            Choice(
                Text(
                    en="The test would reward learning by heart",
                    zh="那样测试就会奖励死记硬背",
                ),
                Text(
                    en="A known picture says nothing about unknown ones, and those count.",
                    zh="见过的图说明不了没见过的图，而要问的正是后者。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The classes would be unbalanced", zh="各类会不均衡"),
                Text(
                    en="A few pictures more of a digit change the balance hardly at all.",
                    zh="某个数字多几张图，几乎不影响均衡。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Network A: 97.9 % on validation, one training. Network B: 98.0 %, one training. "
            "Seeds differ by 0.3 points. Which is better?",
            zh="网络 A：验证准确率 97.9%，训练一次。网络 B：98.0%，训练一次。"
            "不同种子相差 0.3 个百分点。哪个更好？",
        ),
        choices=(
            Choice(
                Text(en="B: the number decides", zh="B：它的数值更高"),
                Text(
                    en="Another seed may turn it round.",
                    zh="换一个种子，结果就可能反过来。",
                ),
            ),
            Choice(
                Text(
                    en="Nobody can tell yet: train both with several seeds",
                    zh="还看不出来：两个都用几个种子训练",
                ),
                Text(
                    en="Then compare the means; their spread says how far to trust them.",
                    zh="然后比较平均值；它们的离散程度说明有多可信。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Ask the test set", zh="用测试集来决定"),
                Text(
                    en="Then it has taken part in the choice, and can't judge it any more.",
                    zh="那样它就参与了选择，再也不能评判这个选择了。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="9,800 of 10,000 test digits are right. Wilson's 95 % interval goes from 97.7 % to "
            "98.3 %. What does it tell?",
            zh="10,000 个测试数字中对了 9,800 个。Wilson 95% 区间是 97.7% 到 98.3%。它说明什么？",
        ),
        choices=(
            Choice(
                Text(
                    en="Which true accuracies fit this result, with other digits of the same kind",
                    zh="对同一来源的其他数字，哪些真实准确率与这个结果相符",
                ),
                Text(
                    en="It speaks of this one network and of digits from the same writers' world.",
                    zh="它说的是这一个网络，以及同一来源的数字。",
                ),
                right=True,
            ),
            Choice(
                Text(
                    en="How much other seeds would differ",
                    zh="换别的种子会相差多少",
                ),
                Text(
                    en="For that you have to train with other seeds; the interval knows one "
                    "network only.",
                    zh="那要用别的种子训练才知道；这个区间只涉及一个网络。",
                ),
            ),
            Choice(
                Text(
                    en="That it reads your own handwriting as well",
                    zh="它识别你的笔迹也一样准",
                ),
                Text(
                    en="Your digits come from another pen and another camera: no interval from "
                    "MNIST covers that.",
                    zh="你的数字来自另一支笔、另一种采集方式：由 MNIST 得到的区间管不到那里。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="You have opened the test set, are disappointed, tune on, and open it again. "
            "What is the second result?",
            zh="你打开了测试集，不满意，接着调参，又打开一次。第二次的结果是什么？",
        ),
        choices=(
            Choice(
                Text(en="As honest as the first", zh="和第一次一样可信"),
                Text(
                    en="It has had a say in what you changed.",
                    zh="你改什么，已经受到了它的影响。",
                ),
            ),
            Choice(
                Text(
                    en="Probably too good: the test set took part in the tuning",
                    zh="很可能偏高：测试集参与了调参",
                ),
                Text(
                    en="It has become a second validation set. Honest again would be new digits.",
                    zh="它已经成了第二个验证集。要重新得到可信的结果，需要新的数字。",
                ),
                right=True,
            ),
            Choice(
                Text(
                    en="Worthless: the network knows the test digits by heart now",
                    zh="毫无意义：网络已经把测试数字背下来了",
                ),
                Text(
                    en="It was not trained on them. What has learned from them is you.",
                    zh="网络没有在它们上面训练过。从中学到东西的是你。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="A digit drawn small in the corner is misread, the same one large in the middle is "
            "not. What helps?",
            zh="在角落里写得很小的数字读错了，同样的数字在中间写大了就没错。怎么办？",
        ),
        choices=(
            Choice(
                Text(en="A smaller learning rate", zh="减小学习率"),
                Text(
                    en="It learned well; it never saw such a picture.",
                    zh="它学得很好，只是从没见过这样的图。",
                ),
            ),
            Choice(
                Text(en="More epochs", zh="多训练几轮"),
                Text(
                    en="More of the same pictures does not show it another place.",
                    zh="同样的图看得再多，也看不到别的位置。",
                ),
            ),
            Choice(
                Text(
                    en="Prepare the drawing as the training pictures were",
                    zh="像准备训练图那样准备这张图",
                ),
                Text(
                    en="Cut out, scaled to 20 × 20, centred by mass: then it looks like MNIST.",
                    zh="裁剪、缩放到 20 × 20、按质心居中：这样它就像 MNIST 的图了。",
                ),
                right=True,
            ),
        ),
    ),
)
