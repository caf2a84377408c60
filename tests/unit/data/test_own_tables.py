"""A reader's own tables and arrays: splits, scaling, names, and what is refused."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

import hpt_widgets as hpt
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.splitting import Shares, equal_samples, split_rows

COLUMNS = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]


def flowers() -> pd.DataFrame:
    """Return the 150 irises with their names, and where each was found."""
    iris = load_iris(as_frame=True)
    frame = iris.frame.drop(columns="target")
    frame["island"] = np.where(np.arange(len(frame)) % 3 == 0, "north", "south")
    frame["species"] = np.array(iris.target_names)[iris.target]
    return frame


def rows_of_flowers(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of each split; two of the irises are equal, and stay together."""
    codes = frame.assign(island=frame["island"] == "north").drop(columns="species")
    labels = load_iris().target.astype(np.int64)
    samples = equal_samples(codes.to_numpy(np.float32))
    return split_rows(labels, Shares(0.2, 0.2), 0, samples=samples)


def frame_of(**columns: Any) -> pd.DataFrame:
    """Return a table of twelve rows with two classes, "a" and "b"."""
    plain = {"width": np.arange(12.0), "kind": ["a", "b"] * 6}
    return pd.DataFrame({**plain, **columns})


# ---------------------------------------------------------------- tables


def test_a_table_is_split_by_class_and_scaled_by_its_training_rows() -> None:
    frame = flowers()
    data = Dataset.from_frame(frame, target="species")
    assert data.class_names == ("setosa", "versicolor", "virginica")
    assert [np.bincount(split.y).tolist() for split in data.splits.values()] == [
        *([30, 30, 30], [10, 10, 10], [10, 10, 10])
    ]
    rows = rows_of_flowers(frame)
    assert sorted(np.concatenate(list(rows.values()))) == list(range(150))
    # scikit-learn's own transformers, fitted on the training rows alone.
    expected = make_column_transformer(
        (StandardScaler(), COLUMNS), (OneHotEncoder(sparse_output=False), ["island"])
    ).fit(frame.iloc[rows["train"]])
    for name, chosen in rows.items():
        features = expected.transform(frame.iloc[chosen])
        np.testing.assert_allclose(data.splits[name].x, features, atol=1e-6)
    assert data.preprocessing is not None
    assert data.preprocessing.feature_names == (*COLUMNS, "island_north", "island_south")


def test_new_rows_become_what_the_training_rows_became() -> None:
    frame = flowers()
    data = Dataset.from_frame(frame, target="species", scale="minmax")
    again = data.transform(frame)
    rows = rows_of_flowers(frame)
    np.testing.assert_array_equal(again[rows["test"]], data.x_test)
    assert data.x_train[:, :4].min() == 0
    assert data.x_train[:, :4].max() == 1
    # An island that no training row had is none of those that are known.
    abroad = frame.head(3).assign(island="east")
    np.testing.assert_array_equal(data.transform(abroad)[:, 4:], np.zeros((3, 2)))
    # Columns in another order, and some more, are the same rows.
    mixed = frame[["species", "island", *reversed(COLUMNS)]].assign(more=1)
    np.testing.assert_array_equal(data.transform(mixed), again)


def test_the_same_seed_gives_the_same_split_and_another_another() -> None:
    first, again, other = (
        Dataset.from_frame(flowers(), target="species", seed=seed) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert not np.array_equal(first.x_train, other.x_train)


def test_shares_of_nothing_leave_their_splits_out() -> None:
    data = Dataset.from_frame(flowers(), target="species", validation_share=0.4, test_share=0)
    assert {name: len(split.y) for name, split in data.splits.items()} == {
        "train": 90,
        "validation": 60,
    }


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([0.0, 1.0] * 6, ("0", "1")),
        ([7, 3] * 6, ("3", "7")),
        ([True, False] * 6, ("False", "True")),
        (pd.Categorical(["yes", "no"] * 6), ("no", "yes")),
        (pd.qcut(np.arange(12), 2), ("(-0.001, 5.5]", "(5.5, 11.0]")),
        (pd.array([7, 3] * 6, dtype="Int64"), ("3", "7")),
        (pd.array([True, False] * 6, dtype="boolean"), ("False", "True")),
        # As floats these would be one number.
        ([2**53, 2**53 + 1] * 6, ("9007199254740992", "9007199254740993")),
        (np.array([2**63 + 5, 3] * 6, np.uint64), ("3", "9223372036854775813")),
        (["是", "否"] * 6, ("否", "是")),
    ],
)
def test_classes_may_have_any_names(labels: Any, names: tuple[str, ...]) -> None:
    data = Dataset.from_frame(frame_of(kind=labels), target="kind", test_share=0)
    assert data.class_names == names
    assert data.n_classes == 2
    assert set(data.y_train) == {0, 1}


def test_a_constant_column_is_left_out_and_named() -> None:
    frame = frame_of(same=[5] * 12, alike=["x"] * 12)
    with pytest.warns(UserWarning, match="same, alike"):
        data = Dataset.from_frame(frame, target="kind")
    assert data.preprocessing is not None
    assert data.preprocessing.feature_names == ("width",)
    assert data.transform(frame.drop(columns=["same", "alike"])).shape == (12, 1)


@pytest.mark.parametrize(
    ("frame", "options", "error", "words"),
    [
        ([[1, 2]], {}, TypeError, ["frame is list", "DataFrame"]),
        (frame_of(), {"target": "class"}, ValueError, ["target='class'", "width, kind"]),
        (frame_of(), {"target": ["kind"]}, ValueError, ["target=['kind']", "width, kind"]),
        (frame_of(), {"target": 3}, ValueError, ["target=3"]),
        (frame_of().head(0), {}, ValueError, ["no rows"]),
        (frame_of(kind=["a"] * 12), {}, ValueError, ["kind holds one class only, 'a'"]),
        (frame_of(kind=[np.inf, 1.0] * 6), {}, ValueError, ["'kind' holds inf", "finite"]),
        (
            frame_of(mark=["90", "85", "缺考", "70"] * 3),
            {},
            ValueError,
            ["'mark' holds numbers, but 3", "'缺考'"],
        ),
        (frame_of(pay=["1,200", "900", "3,450"] * 4), {}, ValueError, ["8", "'1,200'"]),
        (
            pd.DataFrame(np.eye(3), columns=pd.MultiIndex.from_product([["a"], ["b", "c", "d"]])),
            {},
            ValueError,
            ["2 levels"],
        ),
        (frame_of()[["kind"]], {}, ValueError, ["no column besides", "'kind'"]),
        (
            frame_of(age=[1, None] * 6, town=["x", None, "y"] * 4),
            {},
            ValueError,
            ["age (6)", "town (4)", "dropna", "fillna"],
        ),
        (frame_of(kind=["a", None] * 6), {}, ValueError, ["kind (6)"]),
        (frame_of(width=[np.inf, 1] * 6), {}, ValueError, ["'width' holds inf", "finite"]),
        (
            frame_of(day=pd.date_range("2026-01-01", periods=12)),
            {},
            TypeError,
            ["'day'", "datetime64"],
        ),
        (frame_of(pair=[(1, 2)] * 12), {}, TypeError, ["'pair'", "object"]),
        (
            frame_of(pair=pd.Categorical(["x", (1, 2)] * 6)),
            {},
            TypeError,
            ["'pair'", "category"],
        ),
        (frame_of(width=np.arange(12) * 1e300), {}, ValueError, ["'width' holds 1e+300", "3.4e38"]),
        (frame_of(width=[10**400, 1] * 6), {}, ValueError, ["'width' holds inf"]),
        (frame_of(kind=[1j, 2j] * 6), {}, TypeError, ["'kind' holds complex128"]),
        (frame_of(kind=[1e20, 2e20] * 6), {}, ValueError, ["kind holds measurements"]),
        (frame_of(width=[3.0] * 12), {}, ValueError, ["no column varies", "width"]),
        (frame_of(kind=["a"] * 10 + ["b"] * 2), {}, ValueError, ["'b' has 2", "at least 3"]),
        (frame_of(kind=np.linspace(0, 1, 12)), {}, ValueError, ["kind holds measurements"]),
        (frame_of(), {"validation_share": 1.0}, ValueError, ["validation_share=1.0"]),
        (frame_of(), {"test_share": -0.1}, ValueError, ["test_share=-0.1"]),
        (frame_of(), {"test_share": "a"}, ValueError, ["test_share='a'"]),
        (
            frame_of(),
            {"validation_share": 0.5, "test_share": 0.5},
            ValueError,
            ["validation_share=0.5", "test_share=0.5", "less than 1"],
        ),
        (frame_of(), {"scale": "robust"}, ValueError, ["scale='robust'", "standard, minmax"]),
        (frame_of(), {"seed": -1}, ValueError, ["seed=-1"]),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_name(
    frame: Any, options: dict[str, Any], error: type[Exception], words: list[str]
) -> None:
    with pytest.raises(error) as refused:
        Dataset.from_frame(frame, **{"target": "kind", **options})
    for word in words:
        assert word in str(refused.value)


def test_numbers_that_are_texts_and_whole_numbers_that_are_objects_are_numbers() -> None:
    plain = Dataset.from_frame(frame_of(mark=np.arange(12) % 5), target="kind")
    for mark in (
        [str(number % 5) for number in range(12)],
        np.array([np.int64(number % 5) for number in range(12)], dtype=object),
        pd.array([number % 5 for number in range(12)], dtype="Int64"),
    ):
        data = Dataset.from_frame(frame_of(mark=mark), target="kind")
        np.testing.assert_array_equal(data.x_train, plain.x_train)
    # What pandas calls categories are categories, even if they look like numbers.
    coded = frame_of(mark=pd.Categorical(np.arange(12) % 3))
    data = Dataset.from_frame(coded, target="kind")
    assert data.preprocessing is not None
    assert data.preprocessing.feature_names == ("width", "mark_0", "mark_1", "mark_2")
    np.testing.assert_array_equal(
        data.transform(coded), data.transform(frame_of(mark=np.arange(12) % 3))
    )


def test_columns_may_be_of_any_kind_that_pandas_has() -> None:
    numbers = np.arange(12) % 3
    plain = Dataset.from_frame(frame_of(mark=numbers.astype(float)), target="kind")
    for mark in (
        pd.arrays.SparseArray(numbers),
        pd.array(numbers, dtype="Float64"),
        pd.array(numbers.astype(str), dtype="string"),
    ):
        data = Dataset.from_frame(frame_of(mark=mark), target="kind")
        np.testing.assert_array_equal(data.x_train, plain.x_train)
    truth = Dataset.from_frame(frame_of(mark=numbers == 1), target="kind")
    nullable = frame_of(mark=pd.array(numbers == 1, dtype="boolean"))
    np.testing.assert_array_equal(
        Dataset.from_frame(nullable, target="kind").x_train, truth.x_train
    )
    with pytest.warns(UserWarning, match="one"):
        Dataset.from_frame(frame_of(one=pd.Categorical(["x"] * 12)), target="kind")


def test_a_column_is_of_texts_even_if_the_training_rows_look_like_numbers() -> None:
    """Half of the values are numbers; in a small table all training rows may be."""
    for seed in range(40):
        frame = frame_of(code=["1", "2"] * 3 + ["x"] * 6).sample(frac=1, random_state=seed)
        shares: dict[str, Any] = {"validation_share": 0.4, "test_share": 0.4, "seed": seed}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # one value only in the training rows
            data = Dataset.from_frame(frame, target="kind", **shares)
        assert data.preprocessing is not None
        assert "code" not in data.preprocessing.feature_names


def test_neither_the_index_nor_the_kind_of_names_matters() -> None:
    plain = Dataset.from_frame(frame_of(), target="kind")
    indexed = frame_of().set_axis([7] * 12, axis=0)
    np.testing.assert_array_equal(Dataset.from_frame(indexed, "kind").x_test, plain.x_test)
    numbered = frame_of().set_axis([0, 1], axis=1)
    data = Dataset.from_frame(numbered, target=1)  # type: ignore[arg-type]
    np.testing.assert_array_equal(data.x_test, plain.x_test)
    np.testing.assert_array_equal(data.transform(numbered), plain.transform(frame_of()))


def test_blanks_around_texts_do_not_matter() -> None:
    texts = {"town": ["x", "y", "z"] * 4}
    plain = Dataset.from_frame(frame_of(**texts), target="kind")
    blank = {"town": [" x", "y ", "z\u3000"] * 4, "kind": ["a ", "b"] * 6}
    data = Dataset.from_frame(frame_of(**blank), target="kind")
    assert data.class_names == ("a", "b")
    np.testing.assert_array_equal(data.x_train, plain.x_train)


def test_rows_that_are_equal_stay_in_one_split() -> None:
    """Five coins: there are 32 different rows, each many times."""
    throws = np.random.default_rng(0).integers(0, 2, (800, 5))
    for data in (
        Dataset.from_arrays(throws, throws[:, 0], validation_share=0.25, test_share=0.25),
        Dataset.from_frame(
            pd.DataFrame(throws, columns=list("abcde")).assign(first=throws[:, 0]), target="first"
        ),
    ):
        kinds = [set(map(tuple, split.x)) for split in data.splits.values()]
        assert sum(map(len, kinds)) == len(set().union(*kinds)) == 32
        assert all(set(split.y) == {0, 1} for split in data.splits.values())


@settings(max_examples=100)
@given(st.lists(st.integers(1, 40), min_size=3, max_size=12), st.integers(0, 9))
def test_a_split_is_complete_disjoint_and_reaches_every_class(sizes: list[int], seed: int) -> None:
    samples = np.repeat(np.arange(len(sizes)), sizes)
    labels = np.zeros(len(samples), np.int64)
    rows = split_rows(labels, Shares(0.2, 0.3), seed, samples=samples)
    assert sorted(np.concatenate(list(rows.values()))) == list(range(len(labels)))
    groups = [set(samples[chosen]) for chosen in rows.values()]
    assert all(groups)
    assert sum(map(len, groups)) == len(sizes)
    if set(sizes) == {1}:
        total = len(sizes)
        assert len(rows["validation"]) <= max(1, round(0.2 * total))
        assert len(rows["test"]) <= max(1, round(0.3 * total))


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.concat([frame_of(), frame_of()[["width"]]], axis=1)
    with pytest.raises(ValueError, match="more than one column named width"):
        Dataset.from_frame(frame, target="kind")


def test_a_column_that_names_its_rows_is_refused() -> None:
    frame = flowers().assign(plant=[f"plant {number}" for number in range(150)])
    with pytest.raises(ValueError, match="'plant' holds 150 different texts in 150 rows"):
        Dataset.from_frame(frame, target="species")


def test_new_rows_that_do_not_fit_are_refused_by_name() -> None:
    data = Dataset.from_frame(flowers(), target="species")
    rows = flowers().head(2)
    with pytest.raises(ValueError, match="no column island"):
        data.transform(rows.drop(columns="island"))
    with pytest.raises(ValueError, match=r"rows has missing values, in these columns: island \(1"):
        data.transform(rows.assign(island=["north", None]))  # type: ignore[list-item]
    hpt.use_language("zh")
    missing = {"island": ["north", None], COLUMNS[0]: [1.0, None]}
    with pytest.raises(ValueError, match="（1 个）、island（1 个）"):
        data.transform(rows.assign(**missing))  # type: ignore[arg-type]
    hpt.use_language("en")
    with pytest.raises(ValueError, match="held numbers"):
        data.transform(rows.assign(**{COLUMNS[0]: ["short", "long"]}))
    with pytest.raises(TypeError, match="rows is list"):
        data.transform([[1, 2]])
    for value in (np.inf, 1e300):
        with pytest.raises(ValueError, match=r"holds (inf|1e.300): numbers must be finite"):
            data.transform(rows.assign(**{COLUMNS[0]: value}))
    with pytest.raises(ValueError, match="held numbers"):
        data.transform(rows.assign(**{COLUMNS[0]: pd.Timestamp("2026-01-01")}))
    with pytest.raises(ValueError, match="more than one column named island"):
        data.transform(pd.concat([rows, rows[["island"]]], axis=1))
    assert data.transform(rows.head(0)).shape == (0, data.n_features)


# ---------------------------------------------------------------- files


def test_row_numbers_that_pandas_wrote_are_left_out(tmp_path: Path) -> None:
    """The irises are sorted by species: their row numbers would tell it."""
    path = tmp_path / "flowers.csv"
    flowers().to_csv(path)
    with pytest.warns(UserWarning, match="counts the rows.*Unnamed: 0"):
        data = Dataset.from_csv(path, target="species")
    assert data.preprocessing is not None
    assert data.preprocessing.feature_names == (*COLUMNS, "island_north", "island_south")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("width,width,kind", "more than one column named width"),
        ("width,kind, kind ", "more than one column named kind"),
        ("width,kind", "more values than its first line has names"),
    ],
)
def test_what_pandas_would_mend_in_silence_is_refused(
    tmp_path: Path, head: str, words: str
) -> None:
    path = tmp_path / "table.csv"
    rows = "".join(f"{number},{number % 5},{'ab'[number % 2]}\n" for number in range(12))
    path.write_text(f"{head}\n{rows}")
    with pytest.raises(ValueError, match=words):
        Dataset.from_csv(path, target="kind")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
def test_a_file_of_comma_separated_values_is_the_same_table(tmp_path: Path, encoding: str) -> None:
    frame = flowers().rename(columns={"island": "山"}).replace({"north": "北", "south": "南"})
    path = tmp_path / "鸢尾花.csv"
    frame.to_csv(path, index=False, encoding=encoding)
    named = {"encoding": encoding} if encoding == "big5" else {}
    data = Dataset.from_csv(path, target="species", seed=2, **named)
    expected = Dataset.from_frame(frame, target="species", seed=2)
    np.testing.assert_allclose(data.x_test, expected.x_test, atol=1e-6)
    again = eval(data.as_code(), {"hpt": hpt})
    np.testing.assert_array_equal(again.x_train, data.x_train)


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (None, {}, "No such file"),
        (b"", {}, "No columns"),
        (b"a,b\n1\n1,2,3\n", {}, "Expected 2 fields"),
        (b"a,b\n1,2\n", {"encoding": "klingon"}, "unknown encoding"),
        (b"\x81\xff", {}, "gb18030"),
        (b"PK\x03\x04 and so on", {}, "workbook of Excel"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, options: dict[str, Any], words: str
) -> None:
    path = tmp_path / "table.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"path='.*table\.csv' is no file") as refused:
        Dataset.from_csv(path, target="a", **options)
    assert words in str(refused.value)


def test_what_a_spreadsheet_leaves_at_the_end_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(
        " 成绩 , 性别,结果,\n90, 男 ,是,\n85,女,否,\n70,男,是,\n60,女,否,\n"
        "50,男,是,\n40,女,否,\n,,,\n,,,\n",
        encoding="gb18030",
    )
    data = Dataset.from_csv(path, target="结果")
    assert data.class_names == ("否", "是")
    assert data.preprocessing is not None
    assert data.preprocessing.feature_names == ("成绩", "性别_女", "性别_男")
    assert sum(len(split.y) for split in data.splits.values()) == 6


@pytest.mark.parametrize("sep", [";", "\t"])
def test_another_separator_is_named(tmp_path: Path, sep: str) -> None:
    path = tmp_path / "table.csv"
    flowers().to_csv(path, index=False, sep=sep)
    with pytest.raises(ValueError, match="one column only") as refused:
        Dataset.from_csv(path, target="species")
    assert f"Give sep={sep!r}" in str(refused.value)
    assert Dataset.from_csv(path, target="species", sep=sep).n_classes == 3


# ---------------------------------------------------------------- arrays


def test_arrays_are_split_and_scaled_as_tables_are() -> None:
    iris = load_iris()
    names = np.array(iris.target_names)[iris.target]
    data = Dataset.from_arrays(
        iris.data, names, validation_share=0.2, test_share=0.2, scale="standard"
    )
    table = Dataset.from_frame(flowers().drop(columns="island"), target="species")
    for name, split in table.splits.items():
        np.testing.assert_allclose(data.splits[name].x, split.x, atol=1e-5)
        np.testing.assert_array_equal(data.splits[name].y, split.y)
    assert data.class_names == table.class_names
    np.testing.assert_allclose(data.transform(iris.data), table.transform(flowers()), atol=1e-5)


def test_names_are_the_same_numbers_in_all_splits() -> None:
    x = np.eye(3)
    data = Dataset.from_arrays(x, ["c", "a", "c"], test=(x, ["b", "c", "a"]))
    assert data.class_names == ("a", "b", "c")
    assert data.y_train.tolist() == [2, 0, 2]
    assert data.y_test.tolist() == [1, 2, 0]


def test_pictures_of_any_size_are_scaled_as_a_whole() -> None:
    digits = load_digits()
    data = Dataset.from_arrays(digits.images, digits.target, validation_share=0.25, scale="minmax")
    assert data.feature_shape == (8, 8)
    np.testing.assert_array_equal(data.transform(digits.images), digits.images / np.float32(16))
    assert data.x_train.max() == 1


@pytest.mark.parametrize(
    ("kind", "scaler"), [("standard", StandardScaler()), ("minmax", MinMaxScaler())]
)
def test_columns_are_scaled_as_scikit_learn_scales_them(kind: Any, scaler: Any) -> None:
    generator = np.random.default_rng(0)
    x = generator.normal(3, 20, (60, 4))
    x[:, 2] = 7  # does not vary
    data = Dataset.from_arrays(x, generator.integers(0, 2, 60), scale=kind)
    np.testing.assert_allclose(data.x_train, scaler.fit_transform(x), atol=1e-6)


def test_measurements_are_refused_and_labels_pass() -> None:
    diabetes = load_diabetes()
    for call in (
        lambda: Dataset.from_arrays(diabetes.data, diabetes.target),
        lambda: Dataset.from_arrays(diabetes.data, diabetes.target.astype(int), test_share=0.2),
        lambda: Dataset.from_frame(load_diabetes(as_frame=True).frame, target="target"),
    ):
        with pytest.raises(ValueError, match=r"measurements.*214 different numbers in 442"):
            call()
    digits = load_digits()
    data = Dataset.from_arrays(digits.data, digits.target.astype(float))
    assert data.n_classes == 10
    # Sixty classes with few samples each are classes all the same.
    assert Dataset.from_arrays(np.ones((240, 2)), np.arange(240) % 60).n_classes == 60
    # Forty persons with ten pictures each: a test set of them has few of each.
    x = np.arange(800).reshape(400, 2)
    people = Dataset.from_arrays(x, np.arange(400) % 40, test_share=0.1, validation_share=0.1)
    assert len(people.y_test) == 40
    # Who says how many classes there are, or gives names, is believed.
    assert Dataset.from_arrays(x[:80], np.arange(80) % 40, n_classes=40).n_classes == 40
    names = [f"person {number % 40:02}" for number in range(80)]
    assert Dataset.from_arrays(x[:80], names).n_classes == 40


def test_truth_values_are_classes_with_names() -> None:
    data = Dataset.from_arrays(np.eye(12), np.arange(12) % 3 == 0, test_share=0.25)
    assert data.class_names == ("False", "True")
    assert sorted(set(data.y_train)) == [0, 1]


def test_what_is_given_twice_is_refused() -> None:
    x, y = np.ones((12, 2)), [0, 1] * 6
    with pytest.raises(ValueError, match=r"test_share=0\.2 and test=… are both given"):
        Dataset.from_arrays(x, y, test=(x, y), test_share=0.2)
    with pytest.raises(ValueError, match="x_train has 12 samples and y_train has 11 labels"):
        Dataset.from_arrays(x, y[:11], test_share=0.2)


def test_class_names_are_checked() -> None:
    x, y = np.ones((4, 2)), [0, 1, 0, 1]
    assert Dataset.from_arrays(x, y, class_names=["no", "yes"]).class_names == ("no", "yes")
    for names in (["no"], ["no", "no"], ["no", 1], "ab", 3):
        with pytest.raises(ValueError, match="class_names="):
            Dataset.from_arrays(x, y, class_names=names)  # type: ignore[arg-type]


def test_names_and_preprocessing_stay_with_subsets_and_copies() -> None:
    data = Dataset.from_frame(flowers(), target="species")
    for other in (data.take(30), pickle.loads(pickle.dumps(data))):
        assert other.class_names == data.class_names
        np.testing.assert_array_equal(other.transform(flowers()), data.transform(flowers()))


def test_features_that_were_given_are_left_as_they_are() -> None:
    data = Dataset.from_arrays(np.eye(3), [0, 1, 1])
    assert data.preprocessing is None
    np.testing.assert_array_equal(data.transform([[1, 2, 3]]), [[1, 2, 3]])
    with pytest.raises(ValueError, match=r"rows has the shape \(1, 2\)"):
        data.transform([[1, 2]])


# ---------------------------------------------------------------- training on them


def test_the_program_of_a_run_trains_on_the_same_table() -> None:
    frame = flowers()
    data = Dataset.from_frame(frame, target="species")
    hp = hpt.Hyperparameters(learning_rate=0.03, batch_size=16, epochs=12, hidden_units=(16,))
    run = hpt.train(hp, data)
    names: dict[str, Any] = {"frame": frame}
    exec(run.as_code(), names)
    np.testing.assert_array_equal(names["data"].x_test, data.x_test)
    rows = data.transform(frame.assign(island="east"))
    ours = run.model.predict(rows, verbose=0).argmax(axis=1)
    theirs = names["model"].predict(names["data"].transform(frame.assign(island="east")), verbose=0)
    # The same data and network; only the initial weights are others.
    assert (ours == theirs.argmax(axis=1)).mean() > 0.8
