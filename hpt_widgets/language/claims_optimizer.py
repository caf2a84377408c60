"""The claims of chapter 7.3, about optimisers and how they are compared."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    # -- Kingma & Ba 2015 ------------------------------------------------------------------------
    "kingma_2015_says": Text(
        en="On an MNIST network with dropout, Adam brings the training loss down faster than "
        "AdaGrad, RMSProp and SGD with Nesterov's momentum.",
        zh="在带 dropout 的 MNIST 网络上，Adam 让训练损失下降得比 AdaGrad、RMSProp 和带 Nesterov "
        "动量的 SGD 都快。",
    ),
    "kingma_2015_criterion": Text(
        en="Five optimisers, five learning rates each, eight seeds. For each seed the rates are "
        "chosen by the other seven. Measured: Adam's training loss after four epochs, "
        "divided by that of the best of the other four, on the training digits, without dropout. "
        "Reproduced if the 95 % band of this ratio over the seeds lies below 1, refuted here if "
        "it lies above 1.",
        zh="五种优化器，各试五个学习率、八个种子。每个种子用哪个学习率，由另外七个种子决定。"
        "测量第四轮结束后的训练损失（在训练样本上，关掉 dropout）：Adam 的损失除以其余四种中"
        "最好的一种的损失。如果这个比值在各种子上的 95% 区间整个低于 1，就算复现；"
        "整个高于 1，就算在这里不成立。",
    ),
    "kingma_2015_differs": Text(
        en="The paper trains two hidden layers of 1,000 units on all digits for 200 epochs and "
        "searches the settings on a dense grid; here it is 128 units, 5,000 digits, four epochs "
        "and five rates. Plain SGD stands in for the paper's AdaDelta.",
        zh="论文用两个各有 1,000 个神经元的隐藏层、全部样本、200 轮，设置在密集的网格上搜索；这里是"
        " 128 个神经元、5,000 个样本、四轮、五个学习率，并用普通 SGD 代替论文里的 AdaDelta。",
    ),
    # -- Choi et al. 2019 ------------------------------------------------------------------------
    "choi_2019_says": Text(
        en="An adaptive method, with all its hyperparameters tuned, is never worse than a method "
        "that it contains.",
        zh="自适应方法只要把所有超参数都调好，就不会比它所包含的方法差。",
    ),
    "choi_2019_criterion": Text(
        en="64 random settings of each optimiser in the wide space (rate, momentum, ε), two "
        "seeds; the best by one seed is scored by the other. Three pairs: Adam and momentum, Adam "
        "and SGD, RMSProp and SGD. Measured: the difference in validation accuracy of the pair "
        "whose band reaches lowest. Reproduced if that 95 % band lies above −0.5 points, refuted "
        "here if it lies below. The band comes from random halves of the settings.",
        zh="在宽空间（学习率、动量、ε）里给每种优化器随机抽 64 组设置，各用两个种子；按一个种子"
        "选出最好的，用另一个种子评分。比较三对：Adam 与动量法、Adam 与 SGD、RMSProp 与 SGD。"
        "测量验证准确率之差，以区间下端最低的一对为准。如果它的 95% 区间整个高于 −0.5 个"
        "百分点，就算复现；整个低于它，就算在这里不成立。区间由随机取一半设置得到。",
    ),
    "choi_2019_differs": Text(
        en="Each training here takes three epochs of 3,000 digits. The paper tunes much longer, on "
        "large networks, with the search space fitted to each optimiser. Its RMSProp has a "
        "momentum and so contains the momentum method; this workbook's has none and contains "
        "plain SGD alone.",
        zh="这里每次训练用 3,000 个样本、三轮。论文在大网络上调得久得多，而且为每种优化器"
        "单独确定搜索空间。论文里的 RMSProp 带动量，"
        "因此包含动量法；本教程的不带动量，只包含普通 SGD。",
    ),
    "choi_2019_space_says": Text(
        en="The search space decides which optimiser comes out ahead.",
        zh="哪种优化器领先，由搜索空间决定。",
    ),
    "choi_2019_space_criterion": Text(
        en="The same trials, and 64 more of each optimiser in the narrow space, where only the "
        "rate is tuned. A pair is reversed by the smaller of two figures: how far one is ahead in "
        "the narrow space, and how far it is behind in the wide one. Measured: the reversal of "
        "the pair whose band reaches highest at its lower end. Reproduced if that 95 % band lies "
        "above 0.25 points, refuted here if those of all pairs lie below.",
        zh="除了上面的试验，再给每种优化器在窄空间（只调学习率）里抽 64 组。一对优化器的“反转”"
        "是两个数里较小的一个：其中一种在窄空间里领先多少，在宽空间里又落后多少。以区间下端"
        "最高的一对为准。如果它的 95% 区间整个高于 0.25 个百分点，就算复现；如果所有各对的区间"
        "都低于它，就算在这里不成立。",
    ),
    "choi_2019_space_differs": Text(
        en="The paper shows it on the experiments of others, with larger networks and larger "
        "differences. Here each training takes three epochs of 3,000 digits, and both "
        "spaces have the same range of rates, so that nothing but momentum and ε is added.",
        zh="论文用的是别人发表的实验，网络更大，差别也更大。这里每次训练用 3,000 个样本、"
        "三轮；两个空间的学习率范围相同，增加的"
        "只有动量和 ε。",
    ),
    # -- Sivaprasad et al. 2020 ------------------------------------------------------------------
    "sivaprasad_2020_says": Text(
        en="With few trials for tuning, Adam is the best choice.",
        zh="调参次数很少时，选 Adam 最好。",
    ),
    "sivaprasad_2020_criterion": Text(
        en="The trials of the narrow space, resampled: four random trials of each optimiser, the "
        "best by one seed scored by the other, averaged over all draws. Measured: Adam's accuracy "
        "less that of the best of SGD, momentum and RMSProp. Reproduced if the 95 % band lies "
        "above 0, refuted here if it lies below. The band comes from random halves of the "
        "settings.",
        zh="把窄空间的试验重新抽样：每种优化器随机抽四次试验，按一个种子选最好的，用另一个种子"
        "评分，对所有抽法取平均。测量 Adam 的准确率减去 SGD、动量法和 RMSProp 里最好的那个。"
        "如果 95% 区间整个高于 0，就算复现；整个低于 0，就算在这里不成立。区间由随机取一半"
        "设置得到。",
    ),
    "sivaprasad_2020_differs": Text(
        en="The paper has many tasks, and draws rates from a distribution fitted to each "
        "optimiser. Here each training takes three epochs of 3,000 digits, and all four share one "
        "range, from 0.0001 to 1, which decides how many draws are lost.",
        zh="论文有多项任务，学习率按给每种优化器拟合的分布来抽。这里每次训练用 3,000 个样本、"
        "三轮；四种优化器共用一个范围"
        "（0.0001 到 1），有多少次抽样白费就取决于它。",
    ),
    # -- Schmidt et al. 2021 ---------------------------------------------------------------------
    "schmidt_2021_says": Text(
        en="To try several optimisers at their defaults works about as well as to tune one.",
        zh="把几种优化器按默认设置各试一次，效果和仔细调一种差不多。",
    ),
    "schmidt_2021_criterion": Text(
        en="Six optimisers at Keras's defaults, the best by one seed scored by another, against "
        "one optimiser tuned with 32 random trials in the wide space. Measured: the difference in "
        "validation accuracy, for the one of the four tuned optimisers against which its band "
        "reaches lowest. Reproduced if that 95 % band lies above −0.5 points, refuted here if it "
        "lies below. The band comes from random halves of the settings and of the seeds.",
        zh="六种优化器都用 Keras 的默认设置，按一个种子选最好的，用另一个种子评分；对手是在宽空间里"
        "用 32 次随机试验调好的一种优化器。测量验证准确率之差，四种调好的优化器里，以区间下端"
        "最低的为准。如果它的 95% 区间整个高于 −0.5 个百分点，就算复现；整个低于它，就算在这里"
        "不成立。区间由随机取一半设置和一半种子得到。",
    ),
    "schmidt_2021_differs": Text(
        en="The paper compares fifteen optimisers on eight tasks, and tunes with 25 to 75 trials. "
        "Here it is six on one task (SGD, momentum, Nesterov, AdaGrad, RMSProp, Adam; a momentum "
        "of 0.9 where Keras's default is none), 32 trials, and three epochs of 3,000 digits each.",
        zh="论文在八项任务上比较十五种优化器，调参用 25 到 75 次试验。这里是一项任务、六种"
        "优化器（SGD、动量法、Nesterov、AdaGrad、RMSProp、Adam；动量取 0.9，而 Keras 默认不用）、"
        "32 次试验，每次训练用 3,000 个样本、三轮。",
    ),
    # -- tables and pictures -----------------------------------------------------------------
    "name_sgd": Text(en="SGD", zh="SGD"),
    "name_momentum": Text(en="momentum", zh="动量法"),
    "name_nesterov": Text(en="Nesterov", zh="Nesterov"),
    "name_adagrad": Text(en="AdaGrad", zh="AdaGrad"),
    "name_rmsprop": Text(en="RMSProp", zh="RMSProp"),
    "name_adam": Text(en="Adam", zh="Adam"),
    "optimizer": Text(en="optimiser", zh="优化器"),
    "rate": Text(en="best rate", zh="最好的学习率"),
    "epoch": Text(en="loss, epoch {epoch}", zh="第 {epoch} 轮的损失"),
    "epochs": Text(en="epochs", zh="轮数"),
    "training_loss": Text(en="training loss (nats)", zh="训练损失"),
    "pair": Text(en="pair", zh="比较的两方"),
    "minus": Text(en="{one} − {other}", zh="{one} − {other}"),
    "general": Text(en="the first (%)", zh="前者（%）"),
    "special": Text(en="the second (%)", zh="后者（%）"),
    "difference": Text(en="difference (points)", zh="差（百分点）"),
    "low": Text(en="band from", zh="区间下端"),
    "high": Text(en="to", zh="区间上端"),
    "difference_points": Text(
        en="difference in validation accuracy (points)", zh="验证准确率之差（百分点）"
    ),
    "threshold": Text(en="threshold of the criterion", zh="判断标准的界限"),
    "space": Text(en="search space", zh="搜索空间"),
    "space_narrow": Text(en="narrow: the rate", zh="窄：学习率"),
    "space_wide": Text(en="wide: rate, momentum, ε", zh="宽：学习率、动量、ε"),
    "score_narrow": Text(en="narrow space (%)", zh="窄空间（%）"),
    "score_wide": Text(en="wide space (%)", zh="宽空间（%）"),
    "place_narrow": Text(en="place, narrow", zh="窄空间名次"),
    "place_wide": Text(en="place, wide", zh="宽空间名次"),
    "accuracy": Text(en="validation accuracy (%)", zh="验证准确率（%）"),
    "trials": Text(en="trials for tuning", zh="调参试验次数"),
    "tuned": Text(en="tuned optimiser", zh="调好的优化器"),
    "best_default": Text(en="best of six defaults (%)", zh="六种默认设置里最好的（%）"),
    "score_tuned": Text(en="tuned, 32 trials (%)", zh="调 32 次（%）"),
    "default_points": Text(
        en="best default less tuned optimiser (points)", zh="最好的默认设置减去调好的（百分点）"
    ),
}
