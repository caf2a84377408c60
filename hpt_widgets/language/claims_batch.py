"""The claims of chapter 7.2, about batch sizes, dropout and chance."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    # ---------------------------------------------------------------- Bouthillier 2021
    "bouthillier_2021_says": Text(
        en="Which digits were drawn moves a score more than the seed does.",
        zh="抽到哪些样本，对成绩的影响比随机种子大。",
    ),
    "bouthillier_2021_criterion": Text(
        en="30 trainings draw both sets of digits anew, 5,000 to train and 1,000 to validate; 30 "
        "others draw the seed anew. The standard deviation of the accuracy of the first is "
        "divided by that of the second. Reproduced if the whole 95 % band of this ratio (10,000 "
        "resamplings of the trainings) lies above 1, refuted if all of it lies below.",
        zh="30 次训练重新抽取两组样本（5,000 个用于训练，1,000 个用于验证），"
        "另外 30 次只换随机种子。"
        "用前者准确率的标准差除以后者的标准差。若这个比值的 95% 区间（对训练重抽样 10,000 次）"
        "全部大于 1，算复现；全部小于 1，算不成立。",
    ),
    "bouthillier_2021_differs": Text(
        en="One small network and one data set instead of five tasks. Digits are drawn without "
        "replacement; the paper draws with it (bootstrap). The seed of the criterion decides the "
        "initial weights, the order of the samples and the dropped units together. The paper "
        "varies each alone; that was added when the verdict was known, and has no part in it. "
        "Augmentation and the search for hyperparameters, two further sources of the paper, are "
        "not varied.",
        zh="只用一个小网络和一个数据集，论文用了五个任务。这里抽样本是不放回的，"
        "论文用有放回的自助采样。"
        "判断标准里的种子同时决定初始权重、样本顺序和停用的神经元；论文是分别改变的。"
        "分别改变是结论出来之后加的，不影响结论。"
        "论文还考察了数据增强和超参数搜索这两个来源，这里没有。",
    ),
    # ---------------------------------------------------------------- Goyal 2017
    "goyal_2017_says": Text(
        en="With a learning rate in proportion to the batch size, and a warm-up, batches of up to "
        "8,192 lose no accuracy.",
        zh="学习率与批大小成正比，再加上预热，批大小到 8,192 也不损失准确率。",
    ),
    "goyal_2017_criterion": Text(
        en="SGD, 5 epochs of 50,000 digits. Accuracy with batches of 8,192, a learning rate of "
        "0.1 · 8,192 / 32 and one epoch of warm-up, minus that with batches of 32 and a rate of "
        "0.1; mean of 3 seeds, each against itself. Reproduced if the whole 95 % band lies above "
        "−0.3 points, refuted if all of it lies below. A training that diverges counts as 10 %.",
        zh="SGD，50,000 个样本训练 5 轮。批大小 8,192、学习率 0.1 · 8,192 / 32、预热一轮的准确率，"
        "减去批大小 32、学习率 0.1 的准确率；3 个种子各自相减再平均。"
        "若 95% 区间全部高于 −0.3 个百分点，"
        "算复现；全部低于它，算不成立。发散的训练按 10% 计。",
    ),
    "goyal_2017_differs": Text(
        en="A network of two hidden layers without batch normalisation, plain SGD and MNIST; the "
        "paper has ResNet-50, momentum and ImageNet. There 8,192 is 32 times the usual batch of "
        "256, here it is 256 times 32. And 5 epochs of 8,192 are 35 updates; the paper makes more "
        "than ten thousand. The warm-up of the criterion is the gradual one, which begins at 0 "
        "here and at the small batch's rate there. The constant one was added when the verdict "
        "was known, and has no part in it.",
        zh="这里是两个隐藏层的网络，没有批归一化，用普通 SGD 和 MNIST；论文是 ResNet-50、"
        "动量和 ImageNet。"
        "在论文里，8,192 是常用批大小 256 的 32 倍；这里是 32 的 256 倍。"
        "而且批大小 8,192 时 5 轮只有 35 次更新，论文有一万多次。"
        "判断标准里的预热是逐渐预热：这里从 0 开始，论文从小批量的学习率开始。"
        "恒定预热是结论出来之后加的，不影响结论。",
    ),
    "goyal_2017_warmup_says": Text(
        en="A warm-up has to be gradual: one at a constant low rate gives away accuracy.",
        zh="预热要逐渐升高学习率；一直用低学习率、到时突然升上去，会损失准确率。",
    ),
    "goyal_2017_warmup_criterion": Text(
        en="SGD, 5 epochs of 50,000 digits, batches of 256 and a rate of 0.8, 8 times that of "
        "batches of 32: the largest of the batches above at which the rule learns at all. In the "
        "first epoch the rate rises from 0 to 0.8 (gradual), or is 0.1 (constant). Accuracy with "
        "the gradual warm-up minus that with the constant one; mean of 24 fresh seeds, each "
        "against itself. Reproduced if the whole 95 % band lies above 0, refuted if all of it lies "
        "below.",
        zh="SGD，50,000 个样本训练 5 轮，批大小 256，学习率 0.8（批大小 32 所用的 8 倍）："
        "上面几种批大小里，这是按这条规则还能学到东西的最大一种。第一轮里，"
        "学习率从 0 升到 0.8（逐渐预热），或者一直是 0.1（恒定预热）。"
        "逐渐预热的准确率减去恒定预热的；24 个新种子各自相减再平均。"
        "若 95% 区间全部大于 0，算复现；全部小于 0，算不成立。",
    ),
    "goyal_2017_warmup_differs": Text(
        en="The paper's factor is 32 and its rate 3.2, at which this network learns nothing; here "
        "they are 8 and 0.8. Its warm-ups take 5 of 90 epochs, here it is 1 of 5, so that what is "
        "lost has little time to be made up for. Its gradual warm-up begins at the small batch's "
        "rate, ours at 0. And as above: no batch normalisation, no momentum, another network, "
        "other data.",
        zh="论文放大 32 倍，学习率 3.2，用这样的学习率，这里的网络什么也学不到；这里是 8 倍，0.8。"
        "论文的预热占 90 轮中的 5 轮，这里占 5 轮中的 1 轮，准确率降了，来不及补回。"
        "论文的逐渐预热从小批量的学习率开始，这里从 0 开始。"
        "另外与上面一样：没有批归一化，没有动量，网络和数据都不同。",
    ),
    # ---------------------------------------------------------------- Keskar 2017, Shallue 2019
    "keskar_2017_says": Text(
        en="Large batches generalise worse than small ones.",
        zh="大批量训练的网络，泛化不如小批量。",
    ),
    "keskar_2017_criterion": Text(
        en="Adam with its usual rate, 0.001, and 30 epochs of 10,000 digits for both. Validation "
        "accuracy with batches of 256 minus that with batches of 5,000; mean of 4 seeds, each "
        "against itself. Reproduced if the whole 95 % band lies above 0, refuted if all of it "
        "lies below.",
        zh="Adam 用常用的学习率 0.001，两者都用 10,000 个样本训练 30 轮。"
        "批大小 256 的验证准确率减去批大小 "
        "5,000 的；4 个种子各自相减再平均。若 95% 区间全部大于 0，算复现；全部小于 0，算不成立。",
    ),
    "keskar_2017_differs": Text(
        en="10,000 digits, so that 5,000 is half of them; the paper's large batch is a tenth of "
        "its training set. The paper's network for MNIST is another, fully connected too. "
        "The paper trains until the loss falls no further; here both get the same 30 epochs, "
        "which are 1,200 updates for the small batch and 60 for the large one.",
        zh="这里只有 10,000 个样本，5,000 是其中一半；论文的大批量是训练集的十分之一。"
        "论文用于 MNIST 的是另一个全连接网络。论文训练到损失不再下降为止；"
        "这里两者都是 30 轮，小批量有 1,200 次更新，大批量只有 60 次。",
    ),
    "shallue_2019_says": Text(
        en="Once the learning rate is tuned for each batch size, there is no evidence that large "
        "batches generalise worse.",
        zh="对每种批大小分别调好学习率之后，没有证据表明大批量泛化更差。",
    ),
    "shallue_2019_criterion": Text(
        en="The same trainings with three rates: 0.001, 0.005 and 0.02. For each seed and "
        "batch size, the rate is the one that is best on the other three seeds. Accuracy with "
        "batches of 5,000 minus that with 256; mean of the 4 seeds. Reproduced if the whole 95 % "
        "band lies above −0.5 points, about a tenth of the errors; refuted if all of it lies "
        "below.",
        zh="同样的训练，用三个学习率：0.001、0.005、0.02。对每个种子和批大小，"
        "取在其余三个种子上最好的学习率。批大小 5,000 的准确率减去 256 的，4 个种子平均。"
        "若 95% 区间全部高于 −0.5 个百分点（约为错误率的十分之一），算复现；全部低于它，算不成立。",
    ),
    "shallue_2019_differs": Text(
        en="The paper has 168,160 trainings of 35 workloads, tunes more than the rate, and counts "
        "the updates until a goal is reached. Here only the rate is tuned, among three, and both "
        "get the same 30 epochs, so the large batch has a twentieth of the updates.",
        zh="论文有 35 种任务、168,160 次训练，调的不只是学习率，数的是达到目标要更新多少次。"
        "这里只在三个学习率中选，两者都是 30 轮，所以大批量的更新次数只有小批量的二十分之一。",
    ),
    # ---------------------------------------------------------------- Srivastava 2014
    "srivastava_2014_rate_says": Text(
        en="It hardly matters how many units dropout retains, as long as it is between 0.4 and "
        "0.8 of them.",
        zh="只要 dropout 保留神经元的比例在 0.4 到 0.8 之间，保留多少几乎没有区别。",
    ),
    "srivastava_2014_rate_criterion": Text(
        en="Two hidden layers of 256, 2,000 digits, 15 epochs. Of the mean accuracies with 0.4, "
        "0.6 and 0.8 of the units retained, the largest minus the smallest. Reproduced if the "
        "whole 95 % band (10,000 resamplings of the 16 seeds) lies below 0.5 points, refuted if "
        "all of it lies above.",
        zh="两个隐藏层，各 256 个神经元，2,000 个样本，15 轮。取保留 0.4、0.6、0.8 时的平均准确率，"
        "最大的减最小的。若 95% 区间（对 16 个种子重抽样 10,000 次）全部小于 0.5 个百分点，算复现；"
        "全部大于它，算不成立。",
    ),
    "srivastava_2014_rate_differs": Text(
        en="A thirtieth of the paper's digits, a smaller network, and a short training. The paper "
        "also drops inputs; here only hidden units are dropped. The paper reads the flat part off "
        "a figure of the test error.",
        zh="样本只有论文的三十分之一，网络更小，训练更短。论文还停用输入，"
        "这里只停用隐藏层的神经元。"
        "论文是从测试错误率的图上看出这一段平坦的。",
    ),
    "srivastava_2014_size_says": Text(
        en="With as few as 100 training samples, dropout brings no improvement.",
        zh="训练样本少到 100 个时，dropout 没有带来改善。",
    ),
    "srivastava_2014_size_criterion": Text(
        en="Two hidden layers of 256, 100 digits, 100 epochs. Accuracy with a dropout rate of 0.5 "
        "minus that without dropout; mean of 20 draws of digits and seeds, each against itself. "
        "Reproduced if the whole 95 % band lies below 1 point, refuted if all of it lies above.",
        zh="两个隐藏层，各 256 个神经元，100 个样本，100 轮。"
        "dropout 率 0.5 的准确率减去不用 dropout 的；"
        "样本和种子抽 20 次，各自相减再平均。若 95% 区间全部小于 1 个百分点，算复现；"
        "全部大于它，算不成立。",
    ),
    "srivastava_2014_size_differs": Text(
        en="A smaller network: two layers of 256, the paper has over a thousand units in each. No "
        "dropout of inputs, Adam, and a fixed number of epochs.",
        zh="网络更小：两层各 256 个，论文每层超过一千个。不停用输入，用 Adam，轮数固定。",
    ),
    "srivastava_2014_error_says": Text(
        en="Dropout takes the test error on MNIST from 1.60 to 1.25 %.",
        zh="dropout 把 MNIST 的测试错误率从 1.60% 降到 1.25%。",
    ),
    "srivastava_2014_error_criterion": Text(
        en="None: it was not run. It would need the paper's two networks on all 60,000 digits, "
        "with seeds enough to tell 0.35 points from chance. That is hours; the table estimates "
        "them.",
        zh="没有判断标准，因为没有运行。这需要论文的两个网络、全部 60,000 个样本，"
        "还要有足够多的种子才能把 0.35 "
        "个百分点和偶然区分开。那要几个小时，表中是估算。",
    ),
    "srivastava_2014_error_differs": Text(
        en="Not applicable: nothing was run.",
        zh="不适用：没有运行。",
    ),
    # ---------------------------------------------------------------- tables and charts
    "drawn_anew": Text(en="drawn anew", zh="重新抽取的"),
    "source_seed": Text(en="seed", zh="种子"),
    "source_weights": Text(en="initial weights", zh="初始权重"),
    "source_order": Text(en="order of the samples", zh="样本顺序"),
    "source_dropout": Text(en="dropped units", zh="停用的神经元"),
    "source_training": Text(en="training digits", zh="训练样本"),
    "source_validation": Text(en="validation digits", zh="验证样本"),
    "source_digits": Text(en="both sets of digits", zh="两组样本"),
    "source_all": Text(en="digits and seed", zh="样本和种子"),
    "trainings": Text(en="trainings", zh="训练次数"),
    "mean": Text(en="mean accuracy (%)", zh="平均准确率（%）"),
    "deviation": Text(en="standard deviation (points)", zh="标准差（百分点）"),
    "validation_accuracy": Text(en="validation accuracy (%)", zh="验证准确率（%）"),
    "batch_size": Text(en="batch size", zh="批大小"),
    "batch_of": Text(en="batches of {n:,}", zh="批大小 {n:,}"),
    "way_fixed": Text(en="rate 0.1", zh="学习率 0.1"),
    "way_scaled": Text(en="rate scaled", zh="学习率按比例放大"),
    "way_scaled_constant": Text(
        en="rate scaled, constant warm-up", zh="学习率按比例放大，恒定预热"
    ),
    "way_scaled_warm": Text(en="rate scaled, gradual warm-up", zh="学习率按比例放大，逐渐预热"),
    "warm_up": Text(en="warm-up", zh="预热"),
    "warm_up_scaled": Text(en="none", zh="无"),
    "warm_up_scaled_constant": Text(en="constant", zh="恒定"),
    "warm_up_scaled_warm": Text(en="gradual", zh="逐渐"),
    "gradual_ahead": Text(en="gradual ahead by (points)", zh="逐渐预热领先（百分点）"),
    "at_rate": Text(en="rate {rate:g}", zh="学习率 {rate:g}"),
    "learning_rate": Text(en="learning rate", zh="学习率"),
    "tuned": Text(en="rate tuned", zh="调好的学习率"),
    "retained": Text(en="units retained (share)", zh="保留的神经元（比例）"),
    "said_to_be_flat": Text(en="flat, says the paper", zh="论文说平坦的一段"),
    "samples": Text(en="training samples", zh="训练样本数"),
    "without_dropout": Text(en="without dropout (%)", zh="不用 dropout（%）"),
    "with_dropout": Text(en="with dropout 0.5 (%)", zh="dropout 率 0.5（%）"),
    "gain": Text(en="gain (points)", zh="提高（百分点）"),
    "low": Text(en="band from", zh="区间下端"),
    "high": Text(en="to", zh="区间上端"),
    "quantity": Text(en="quantity", zh="项目"),
    "value": Text(en="value", zh="数值"),
    "weights_here": Text(en="weights of the usual network here", zh="本教程常用网络的权重数"),
    "weights_standard": Text(
        en="weights of the paper's standard network", zh="论文标准网络的权重数"
    ),
    "weights_dropout": Text(
        en="weights of the paper's dropout network", zh="论文 dropout 网络的权重数"
    ),
    "epochs_supposed": Text(en="epochs, supposed", zh="假定的轮数"),
    "trainings_needed": Text(
        en="trainings: 2 networks, 5 seeds", zh="训练次数：2 个网络，5 个种子"
    ),
    "hours_needed": Text(en="hours on one core, about", zh="一个核心大约需要的小时数"),
}
