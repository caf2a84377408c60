"""The words of a reader's own data: ``hpt_widgets.data`` beyond the plain arrays."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "no_frame": Text(
        en="{name} is {kind}: it must be a pandas DataFrame, a table with named columns",
        zh="{name} 是 {kind}：它必须是 pandas 的 DataFrame，即列有名称的表格",
    ),
    "no_target": Text(
        en="target={columns} is no column of {name}: its columns are {found}",
        zh="target={columns} 不是 {name} 的列：它的列有 {found}",
    ),
    "no_column": Text(
        en="{name} has no column {columns}: its columns are {found}",
        zh="{name} 中没有列 {columns}：它的列有 {found}",
    ),
    "same_names": Text(
        en="{name} has more than one column named {columns}: each needs a name of its own",
        zh="{name} 中有多个名为 {columns} 的列：每一列都要有自己的名称",
    ),
    "too_few_names": Text(
        en="path={path!r} has rows with more values than its first line has names: each "
        "column needs a name, and a comma within a value needs quotation marks around the value",
        zh="path={path!r} 中有些行的值比第一行的列名还多：每一列都要有名称；"
        "值本身含有逗号时，要给它加上引号",
    ),
    "row_numbers": Text(
        en="left out, because it only counts the rows and has no name: {columns}. (pandas writes "
        "none with frame.to_csv(path, index=False).)",
        zh="以下各列没有列名，只是行号，已略去：{columns}。"
        "（用 pandas 的 frame.to_csv(path, index=False) 保存就不会写出行号。）",
    ),
    "levels": Text(
        en="{name} has names of columns in {levels} levels: each column needs one name",
        zh="{name} 的列名有 {levels} 层：每一列只能有一个名称",
    ),
    "no_rows": Text(
        en="{name} has no rows: each class needs some samples",
        zh="{name} 中没有数据行：每一类都需要若干样本",
    ),
    "no_features": Text(
        en="{name} has no column besides the target {target!r}: at least one feature is needed",
        zh="{name} 中除目标列 {target!r} 外没有别的列：至少需要一个特征",
    ),
    "missing_in": Text(en="{column} ({n})", zh="{column}（{n} 个）"),
    "missing": Text(
        en="{name} has missing values, in these columns: {found}. Leave their rows out "
        "(frame.dropna()), or fill them in (frame.fillna(…))",
        zh="{name} 的这些列中有缺失值：{found}。请去掉含缺失值的行（frame.dropna()），"
        "或把它们填补起来（frame.fillna(…)）",
    ),
    "no_numbers": Text(
        en="column {column!r} held numbers in the training rows, and holds something else here",
        zh="列 {column!r} 在训练数据中是数值，在这里却不是",
    ),
    "not_finite": Text(
        en="column {column!r} holds {value}: numbers must be finite, and no larger than single "
        "precision can hold (3.4e38)",
        zh="列 {column!r} 中有 {value}：数值必须有限，且不超出单精度浮点数的范围（3.4e38）",
    ),
    "unknown_kind": Text(
        en="column {column!r} holds {kind}: a column must hold numbers, truth values or texts. "
        "Turn it into those, or leave it out (frame.drop(columns=[{column!r}]))",
        zh="列 {column!r} 的类型是 {kind}：每一列必须是数值、布尔值或文本。"
        "请先转换，或去掉这一列（frame.drop(columns=[{column!r}])）",
    ),
    "numbers_as_text": Text(
        en="column {column!r} holds numbers, but {count} of its values are texts, such as "
        "{example!r}. Write them as plain numbers; where a value is missing, leave its row out or "
        "fill it in",
        zh="列 {column!r} 多数是数值，但有 {count} 个值是文本，例如 {example!r}。"
        "请写成纯数字；若表示缺失，请去掉该行或填补",
    ),
    "many_categories": Text(
        en="column {column!r} holds {count} different texts in {size} rows: that looks like a "
        "name or a number of the row, from which nothing can be learned. Leave it out "
        "(frame.drop(columns=[{column!r}]))",
        zh="列 {column!r} 的 {size} 行中有 {count} 种不同的文本：这像是每行的名称或编号，"
        "从中学不到规律。请去掉这一列（frame.drop(columns=[{column!r}])）",
    ),
    "constant": Text(
        en="left out, because all training rows have the same value there: {columns}",
        zh="以下各列在训练数据中取值都相同，已略去：{columns}",
    ),
    "all_constant": Text(
        en="no column varies in the training rows ({columns}): there is nothing to learn from",
        zh="训练数据中没有一列有变化（{columns}）：没有可学的东西",
    ),
    "regression": Text(
        en="{name} holds measurements, not classes ({n_values} different numbers in {size} "
        "samples, such as {example}): the workbook's networks tell classes apart. For a "
        "regression use Keras; or make classes of the numbers, with pandas.qcut for example. If "
        "each number is the name of a class, turn it into text (astype(str))",
        zh="{name} 是测量值而不是类别（{size} 个样本中有 {n_values} 个不同的数，例如 {example}）："
        "本教程的网络用于分类。回归问题请直接用 Keras；或者先把数值分成几类，例如用 pandas.qcut。"
        "如果这些数其实是类别的名称，请先转成文本（astype(str)）",
    ),
    "one_class": Text(
        en="{name} holds one class only, {value!r}: there is nothing to tell apart. At least two "
        "classes are needed",
        zh="{name} 中只有一个类别 {value!r}：没有可区分的东西。至少需要两个类别",
    ),
    "small_class": Text(
        en="class {name!r} has {size} different samples, and there are {least} splits: each class "
        "needs at least {least}. Leave the class out, or hold out fewer splits "
        "(validation_share=0 or test_share=0)",
        zh="类别 {name!r} 只有 {size} 个不同的样本，而要划分成 {least} 个部分："
        "每一类至少要有 {least} 个。"
        "请去掉这一类，或少划分一部分（validation_share=0 或 test_share=0）",
    ),
    "shares": Text(
        en="validation_share={validation} and test_share={test} leave nothing to train on: "
        "together they must be less than 1",
        zh="validation_share={validation} 与 test_share={test} 之和不小于 1，没有留下训练数据："
        "两者之和必须小于 1",
    ),
    "shares_and_splits": Text(
        en="{share}={value} and {split}=… are both given: give one of them",
        zh="同时给出了 {share}={value} 和 {split}=…：只能给其中一个",
    ),
    "rows_shape": Text(
        en="rows has the shape {found} and the type {kind}: it must hold numbers in the shape "
        "(n_samples, *{shape}), as the training samples do",
        zh="rows 的形状是 {found}，类型是 {kind}：它必须是形状为 (样本数, *{shape}) 的数值，"
        "与训练样本一样",
    ),
    "no_file": Text(
        en="path={path!r} is no file that can be read: {reason}",
        zh="path={path!r} 不是可以读取的文件：{reason}",
    ),
    "workbook": Text(
        en="it is a workbook of Excel; save it there as “CSV UTF-8 (comma delimited)”, and read "
        "that file",
        zh="这是 Excel 工作簿；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”，再读取那个文件",
    ),
    "separator": Text(
        en="path={path!r} has one column only with sep={sep!r}: its values seem to be separated "
        "by {found!r}. Give sep={found!r}",
        zh="path={path!r} 在 sep={sep!r} 时只有一列：各值之间似乎用 {found!r} 分隔。"
        "请给出 sep={found!r}",
    ),
    "class_names": Text(
        en="class_names={found!r} is not allowed: it must be a list of {n_classes} different "
        "texts, one for each class",
        zh="class_names={found!r} 不可用：它必须是由 {n_classes} 个互不相同的文本组成的列表，"
        "每类一个",
    ),
}
