"""What only the page says; everything else comes from the package's own language tables."""

from typing import Final

from hpt_widgets.language import Text

TEXTS: Final = {
    # the page itself
    "workbook": Text(en="The Hyperparameter Workbook", zh="超参数教程"),
    "training_title": Text(en="Train", zh="训练"),
    "descent_title": Text(en="Descend", zh="下降"),
    "bank_title": Text(en="Compare", zh="比较"),
    "chapters_title": Text(en="Read", zh="阅读"),
    "training_heading": Text(
        en="Retrain a neural network, here, now", zh="现在就在这里重新训练一个神经网络"
    ),
    "descent_heading": Text(
        en="Watch optimisers walk down a surface", zh="看优化器怎样从曲面上走下来"
    ),
    "training_description": Text(
        en="Drag a slider: an MNIST network is trained again in your browser while you watch.",
        zh="拖动滑块，浏览器就会当着你的面重新训练一个 MNIST 网络。",
    ),
    "descent_description": Text(
        en="Six optimisers race down eight surfaces, and every step is explained in words.",
        zh="六种优化器在八个曲面上赛跑，每一步都有文字说明。",
    ),
    "other_language": Text(en="中文", zh="English"),
    "navigation": Text(en="Pages", zh="页面"),
    "skip": Text(en="Skip to the content", zh="跳到正文"),
    "theme_dark": Text(en="Use dark colours", zh="改用深色"),
    "theme_light": Text(en="Use light colours", zh="改用浅色"),
    "settings": Text(en="Settings", zh="设置"),
    "curves": Text(en="Curves", zh="曲线"),
    "results": Text(en="Results", zh="结果"),
    "at_step": Text(en="Step {step} of {steps}", zh="第 {step} 步，共 {steps} 步"),
    # what it is, and what it is not
    "about": Text(en="What this is, and what it is not", zh="这是什么，不是什么"),
    "about_same": Text(
        en="The network, its first weights, the order of the digits, the dropped units and the "
        "update rules are those of the workbook, written anew in WebAssembly for the browser; "
        "the workbook itself trains with TensorFlow. Sums are rounded in another order, so two "
        "runs with the same seed drift apart slowly: see how far below.",
        zh="网络结构、初始权重、样本顺序、停用的神经元和更新规则都与教程相同，只是用 WebAssembly "
        "为浏览器重写了一遍；教程本身用 TensorFlow 训练。求和的舍入次序不同，所以同一随机种子的两次"
        "训练会慢慢分开，相差多少见下文。",
    ),
    "about_difference": Text(
        en="Over {seeds} seeds with the default settings, one epoch ends at a validation accuracy "
        "of {page:.3%} here and {workbook:.3%} in the workbook: the means differ "
        "by {difference:.3f} percentage points, runs with the same seed by up to {largest:.2f}.",
        zh="用默认设置、{seeds} 个随机种子各训练一轮：这里的验证准确率平均为 {page:.3%}，教程为 "
        "{workbook:.3%}，两个平均值相差 {difference:.3f} 个百分点，"
        "同一随机种子的两次训练最多相差 {largest:.2f} 个百分点。",
    ),
    "about_digits": Text(
        en="It trains on MNIST's 50,000 training digits and measures on 10,000 others. The test "
        "digits are not here: the workbook opens them once, at the end of chapter 5.",
        zh="用 MNIST 的 50,000 个训练样本训练，用另外 10,000 个样本验证。测试集不在这里："
        "教程要到第 5 章末尾才打开它，而且只打开一次。",
    ),
    "about_private": Text(
        en="Nothing leaves your computer: the page asks no other host for anything and sets no "
        "cookies. Where the browser allows it, the labs, the list of the chapters and their search "
        "work offline once the page has been loaded, and each chapter that you have opened.",
        zh="数据不会离开你的电脑：页面不访问其他网站，不设 cookie。只要浏览器允许，"
        "页面加载过一次后，各实验台、各章目录和搜索离线也能用，打开过的章节也能离线阅读。",
    ),
    "about_data": Text(
        en="MNIST by Y. LeCun, C. Cortes and C. J. C. Burges, under Creative Commons "
        "Attribution-ShareAlike 3.0. Everything else under the MIT licence.",
        zh="MNIST 数据集：Y. LeCun、C. Cortes、C. J. C. Burges，采用知识共享 署名-相同方式共享 3.0 "
        "许可；其余内容采用 MIT 许可。",
    ),
    # what the training lab says besides the workbook's words
    "loading": Text(en="Loading the first digits…", zh="正在加载第一批样本……"),
    "digits_loaded": Text(
        en="{train:,} of {all:,} training digits are here; the others follow.",
        zh="已加载 {train:,} / {all:,} 个训练样本，其余的正在加载。",
    ),
    "all_digits": Text(
        en="All {train:,} training digits are here.", zh="{train:,} 个训练样本已全部加载。"
    ),
    "kept": Text(en="The labs now work offline too.", zh="现在离线也能使用各实验台。"),
    "run_digits": Text(
        en="This run trains on {train:,} digits and measures on {validation:,}.",
        zh="本次用 {train:,} 个样本训练，用 {validation:,} 个样本验证。",
    ),
    "fewer_digits": Text(
        en="It began before all digits were here, and keeps the {train:,} that it began with. "
        "Start again to use more.",
        zh="开始时样本还没有全部到齐，本次一直用最初的 {train:,} 个。想用更多样本，请重新开始。",
    ),
    "loss_chart": Text(en="Loss against samples seen", zh="损失随已训练样本数的变化"),
    "accuracy_chart": Text(
        en="Validation accuracy against samples seen", zh="验证准确率随已训练样本数的变化"
    ),
    "training_dashed": Text(en="solid: training, dashed: validation", zh="实线：训练，虚线：验证"),
    "run_summary": Text(
        en="{samples:,} samples: training loss {loss}, validation accuracy {accuracy}",
        zh="{samples:,} 个样本：训练损失 {loss}，验证准确率 {accuracy}",
    ),
    "not_measured": Text(en="not yet measured", zh="尚未测量"),
    "share": Text(en="copy a link to these settings", zh="复制带有这些设置的链接"),
    "copied": Text(en="Copied.", zh="已复制。"),
    "copy_failed": Text(
        en="The browser does not let this page copy: the text is selected, copy it yourself.",
        zh="浏览器不允许本页复制：文字已经选中，请自己复制。",
    ),
    "chart_keys": Text(
        en="The left and right arrow keys read values off it, and so does a tap.",
        zh="按左右方向键或点一下，就能读出数值。",
    ),
    "copy": Text(en="copy", zh="复制"),
    "open_in_workbook": Text(
        en="Open this in the workbook: run these lines in a cell.",
        zh="在教程中打开：在单元格里运行下面几行。",
    ),
    "draw_tab": Text(en="draw", zh="手写"),
    "draw_hint": Text(
        en="The network that you have just tuned reads what you draw, while it trains too.",
        zh="你刚调好的网络会识别你写的数字，训练途中也可以。",
    ),
    "no_network": Text(
        en="Train a network first, then it can read.", zh="请先训练网络，再让它识别。"
    ),
    "mistakes_of": Text(en="Run {number}: {words}", zh="第 {number} 次：{words}"),
    "misread_picture": Text(
        en="{true} read as {predicted}, {share}", zh="把 {true} 认成 {predicted}，{share}"
    ),
    "too_many_weights": Text(
        en="hidden_units={value!r} is not allowed here: {weights:,} weights are more than this "
        "page trains, at most {most:,}; the workbook takes more",
        zh="hidden_units={value!r} 在这里不可用：共有 {weights:,} 个权重，本页最多训练 {most:,} 个"
        "；教程可以训练更多",
    ),
    "address_unknown": Text(
        en="The address names {name!r}, which is no setting of this lab.",
        zh="网址中的 {name!r} 不是这个实验台的设置。",
    ),
    "address_wrong": Text(en="In the address: {problem}", zh="网址中：{problem}"),
    # the descent lab
    "map_chart": Text(
        en="Map of the surface with the walks; the arrow keys move the start",
        zh="曲面图和各条路径；用方向键移动起点",
    ),
    "descent_loss_chart": Text(en="Loss at each step", zh="每一步的损失"),
    "walk": Text(en="Walk", zh="下降路径"),
    "start_not_finite": Text(
        en="start={value!r} is not allowed: the surface is not finite there",
        zh="start={value!r} 不可用：曲面在该处不是有限值",
    ),
    "noise_missing": Text(
        en="{file} could not be loaded ({reason}): the walks go without noise.",
        zh="无法加载 {file}（{reason}），路径不加噪声。",
    ),
    # what may go wrong
    "needs_server": Text(
        en="This page has to come from a web server: browsers run no modules from a file. In the "
        "folder of the page run “python3 -m http.server” (Windows: “py -m http.server”) and open "
        "http://localhost:8000/.",
        zh="本页要从网页服务器打开：浏览器不运行本地文件里的模块。请在页面所在文件夹运行 "
        "python3 -m http.server（Windows：py -m http.server），再打开 http://localhost:8000/。",
    ),
    "needs_script": Text(
        en="The labs need JavaScript; the chapters can be read without it.",
        zh="实验台需要 JavaScript；各章内容不需要它也能阅读。",
    ),
    "no_simd": Text(
        en="This browser has no WebAssembly with SIMD, which the training lab computes with. The "
        "lab works in Chrome 99, Firefox 114, Safari 16.4 and later; the descent lab and the "
        "chapters work here all the same.",
        zh="这个浏览器不支持训练实验台所需的 WebAssembly SIMD。训练实验台可在 Chrome 99、"
        "Firefox 114、Safari 16.4 及以后的版本中使用；下降实验台和各章内容在这里照样能用。",
    ),
    "no_kernel": Text(
        en="The training lab's kernel could not be loaded ({reason}). Reload the page to try "
        "again.",
        zh="无法加载训练实验台的计算核心（{reason}）。请重新加载页面再试。",
    ),
    "data_missing": Text(
        en="{file} could not be loaded ({reason}). The lab goes on with the {train:,} digits that "
        "are here; reload the page to try again.",
        zh="无法加载 {file}（{reason}）。实验台用已有的 {train:,} 个样本继续工作；"
        "重新加载页面可再试。",
    ),
    "data_altered": Text(
        en="{file} is not the file that this page was built with, and is not used. The lab goes "
        "on with the {train:,} digits that are here.",
        zh="{file} 与本页构建时的文件不一致，因此不使用。实验台用已有的 {train:,} 个样本继续工作。",
    ),
    "nothing_to_train_on": Text(
        en="Without the first digits nothing can be trained here.",
        zh="没有第一批样本，这里无法训练。",
    ),
    "not_remembered": Text(
        en="This browser lets the page remember nothing: the choice of colours lasts until you "
        "leave.",
        zh="浏览器不让本页保存任何内容：颜色的选择只在离开之前有效。",
    ),
    # the chapters
    "chapters_heading": Text(en="The chapters", zh="各章"),
    "chapters_description": Text(
        en="Read the workbook's chapters, with their pictures and their questions.",
        zh="阅读教程各章，图和思考题都在。",
    ),
    "contents": Text(en="In this chapter", zh="本章内容"),
    "chapter_note": Text(
        en="This is the chapter to read, with the pictures of the last run. In the workbook every "
        "cell runs and the labs are live.",
        zh="这是供阅读的版本，图是上次运行时保存的。在教程里，每个单元格都能运行，实验台也能动手操作。",
    ),
    "stored_picture": Text(
        en="The picture that was stored in the section “{section}”",
        zh="“{section}”一节中保存的图",
    ),
    "chapter_lab": Text(en="Try it here in the browser.", zh="就在浏览器里试一试。"),
    "your_prediction": Text(
        en="Your prediction (kept in this browser alone)", zh="你的预测（只保存在这个浏览器里）"
    ),
    "show_outcome": Text(en="Run it: show what happens", zh="运行：看看结果"),
    "prediction_not_kept": Text(
        en="This browser lets the page keep nothing: your prediction is gone when you leave.",
        zh="浏览器不让本页保存任何内容：离开后你的预测就没有了。",
    ),
    "search_chapters": Text(en="Search the chapters", zh="在各章中搜索"),
    "search_failed": Text(
        en="The chapters can't be searched now ({reason}).", zh="现在无法搜索（{reason}）。"
    ),
    "section_found": Text(en="1 section", zh="找到 1 节"),
    "sections_found": Text(en="{count} sections", zh="找到 {count} 节"),
    "first_sections": Text(
        en="{count} sections; the first {shown} are shown. More words narrow it down.",
        zh="找到 {count} 节，这里列出前 {shown} 节；再加几个词可以缩小范围。",
    ),
}

# What the bank explorer alone says: no other page carries it.
BANK_TEXTS: Final = {
    "heading": Text(
        en="Replay hyperparameter searches, thousands of times", zh="把超参数搜索重放几千次"
    ),
    "description": Text(
        en="Random search, successive halving, Hyperband, TPE and a grid, replayed in your browser "
        "on trainings that were made once.",
        zh="随机搜索、逐次减半、Hyperband、TPE 和网格搜索：训练事先做好，在浏览器里反复重放。",
    ),
    "strategies": Text(en="Strategies", zh="搜索策略"),
    "n_resamplings": Text(en="replays of each strategy", zh="每种策略的重放次数"),
    "loading": Text(en="Loading the trial bank…", zh="正在加载试验库……"),
    "race_chart": Text(en="Best so far against the budget", zh="目前最好成绩随预算的变化"),
    "shares_chart": Text(
        en="How often each strategy comes first, against the number of seeds",
        zh="各策略名列第一的机会随种子数的变化",
    ),
    "strategy": Text(en="strategy", zh="策略"),
    "at_the_end": Text(en="mean at the end", zh="最终平均"),
    "band": Text(en="nine in ten", zh="九成落在"),
    "notes": Text(en="What to know of these figures", zh="关于这些数字"),
    "own_draws": Text(
        en="The page draws with a random generator of its own: its figures differ from the "
        "workbook's by chance, the less the more replays there are.",
        zh="本页用自己的随机数发生器抽样，数值与教程有偶然差别；重放次数越多，差别越小。",
    ),
    "missing": Text(
        en="{file} could not be loaded ({reason}): nothing can be replayed. Reload the page to try "
        "again.",
        zh="无法加载 {file}（{reason}），不能重放。请重新加载页面再试。",
    ),
}
