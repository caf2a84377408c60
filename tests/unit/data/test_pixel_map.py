"""MNIST's pixels in one file that all kernels map: made once, checked, made anew if damaged."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.data import mnist as source
from hpt_widgets.data import pixel_map
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.pixel_map import FILE_NAME, SHAPE, shared_pixels
from hpt_widgets.data.split import PixelSplit, Split

MNIST = Path(source.__file__).resolve().parents[2] / "data" / "mnist"


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """Every pixel of MNIST, in an array of its own."""
    data = hpt.load_mnist()
    return np.concatenate([data.splits[name].stored for name in ("train", "validation", "test")])


@pytest.fixture
def unpacked(pixels: np.ndarray) -> tuple[list[int], object]:
    """What unpacks them, and how often it was asked to."""
    times: list[int] = []

    def unpack() -> np.ndarray:
        times.append(1)
        return pixels

    return times, unpack


def is_mapped(array: np.ndarray) -> bool:
    while isinstance(array, np.ndarray):
        if isinstance(array, np.memmap):
            return True
        array = array.base
    return False


def test_the_first_makes_the_file_and_the_second_maps_it(tmp_path, pixels, unpacked):
    times, unpack = unpacked
    for _ in range(2):
        made = shared_pixels([tmp_path], unpack)
        assert is_mapped(made)
        np.testing.assert_array_equal(made, pixels)
    assert len(times) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert np.load(tmp_path / FILE_NAME).shape == SHAPE


def test_a_write_to_the_map_stays_in_its_process(tmp_path, pixels, unpacked):
    shared_pixels([tmp_path], unpacked[1])[0] = 7
    np.testing.assert_array_equal(np.load(tmp_path / FILE_NAME), pixels)


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "text", "shape", "folder"])
def test_a_damaged_file_is_made_anew(tmp_path, pixels, unpacked, damage):
    path = tmp_path / FILE_NAME
    shared_pixels([tmp_path], unpacked[1])
    content = bytearray(path.read_bytes())
    path.unlink()
    if damage == "cut":
        path.write_bytes(content[:-1000])
    elif damage == "bit":
        content[30_000_000] ^= 1
        path.write_bytes(content)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "text":
        path.write_text("not what it should be" * 100)
    elif damage == "shape":
        np.save(path, pixels[:5])
    else:
        path.mkdir()
    made = shared_pixels([tmp_path], unpacked[1])
    np.testing.assert_array_equal(made, pixels)
    assert is_mapped(made) == (damage != "folder")  # a folder in its place is left alone
    assert len(list(tmp_path.iterdir())) == 1
    if damage != "folder":
        assert is_mapped(shared_pixels([tmp_path], lambda: pytest.fail("it is there")))


def test_where_the_installation_is_read_only_it_is_in_the_readers_folder(
    tmp_path, pixels, unpacked
):
    obstacle = tmp_path / "read-only"
    obstacle.write_text("")  # as root, a folder without the right to write is none
    own = tmp_path / "own"
    own.mkdir()
    made = shared_pixels([obstacle, own], unpacked[1])
    assert is_mapped(made)
    assert [path.name for path in own.iterdir()] == [FILE_NAME]
    np.testing.assert_array_equal(made, pixels)


def test_an_installation_that_has_the_file_needs_no_right_to_write(tmp_path, unpacked):
    shared_pixels([tmp_path], unpacked[1])
    own = tmp_path / "own"
    own.mkdir()
    assert is_mapped(shared_pixels([tmp_path, own], lambda: pytest.fail("it is there")))
    assert list(own.iterdir()) == []


def test_where_nothing_can_be_written_the_pixels_are_in_memory(tmp_path, pixels, unpacked):
    obstacle = tmp_path / "a file"
    obstacle.write_text("")
    made = shared_pixels([obstacle], unpacked[1])
    assert made is pixels


def test_a_full_disk_leaves_no_part_behind(tmp_path, pixels, unpacked, monkeypatch):
    def save(file, *_arguments, **_options):
        file.write(b"a part of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pixel_map.np, "save", save)
    assert shared_pixels([tmp_path], unpacked[1]) is pixels
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_kernel_left_behind_is_removed_once_it_is_old(tmp_path, unpacked):
    old, new = (tmp_path / f".{FILE_NAME}.{name}" for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"part")
    os.utime(old, (1, 1))
    shared_pixels([tmp_path], unpacked[1])
    assert {path.name for path in tmp_path.iterdir()} == {FILE_NAME, new.name}


def test_other_pixels_are_not_kept(tmp_path):
    other = np.zeros((5, 2, 2), np.uint8)
    assert shared_pixels([tmp_path], lambda: other) is other
    assert list(tmp_path.iterdir()) == []


def test_kernels_that_start_at_once_map_one_file(tmp_path, pixels):
    """Four of them make it together: each has the right pixels, and all have the same file."""
    np.save(tmp_path / "given.npy", pixels)
    folder = tmp_path / "shared"
    folder.mkdir()
    code = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from hpt_widgets.data.pixel_map import FILE_NAME, shared_pixels\n"
        "given, folder = np.load(sys.argv[1], mmap_mode='r'), Path(sys.argv[2])\n"
        "print('ready', flush=True); input()\n"
        "made = shared_pixels([folder], lambda: given)\n"
        "maps = Path('/proc/self/maps')\n"
        "lines = maps.read_text().splitlines() if maps.exists() else []\n"
        "inodes = {line.split()[4] for line in lines if line.endswith(FILE_NAME)}\n"
        "print(np.array_equal(made, given), *inodes, flush=True); input()\n"
    )
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "given.npy"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        for kernel in kernels:
            assert kernel.stdout.readline() == "ready\n"
        for kernel in kernels:
            kernel.stdin.write("\n")
            kernel.stdin.flush()
        answers = {kernel.stdout.readline() for kernel in kernels}
    finally:
        for kernel in kernels:
            kernel.communicate("\n")
    inode = (folder / FILE_NAME).stat().st_ino
    assert answers == {f"True {inode}\n" if sys.platform == "linux" else "True\n"}
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


# -- what a reader sees of it --------------------------------------------------------------------


def test_mnist_is_kept_as_bytes_and_read_as_floats():
    data = hpt.load_mnist()
    for split in data.splits.values():
        assert split.stored.dtype == np.uint8
        assert is_mapped(split.stored)
        assert not split.stored.flags.writeable
    x = data.x_test
    assert (x.dtype, x.flags.writeable) == (np.float32, False)
    assert x.tobytes() == (data.splits["test"].stored / np.float32(255)).tobytes()
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 0


def test_the_floats_are_made_once_while_somebody_holds_them_and_then_released():
    data = hpt.load_mnist().take(100)
    x = data.x_train
    assert data.x_train is x
    assert data.splits["train"].x is x
    view = x[:3]
    held = weakref.ref(x)
    del x
    assert data.x_train is held()  # by the view
    del view
    gc.collect()
    assert held() is None
    assert data.x_train.shape == (100, 28, 28)


def test_a_subset_is_kept_as_bytes_too():
    data = hpt.load_mnist()
    few = data.take(500, seed=3)
    assert few.splits["train"].stored.dtype == np.uint8
    assert few.splits["validation"] is data.splits["validation"]
    rows = [np.flatnonzero((data.x_train == x).all(axis=(1, 2)))[0] for x in few.x_train[:3]]
    np.testing.assert_array_equal(data.y_train[rows], few.y_train[:3])


def test_copies_and_pickles_keep_bytes_and_need_no_file():
    data = hpt.load_mnist().take(100)
    part = Dataset({"train": data.splits["train"]}, n_classes=10)
    assert part.splits["train"] is data.splits["train"]
    pickled = pickle.dumps(part)
    assert len(pickled) < 100 * 784 + 100 * 8 + 2_000
    for other in (copy.copy(part), copy.deepcopy(part), pickle.loads(pickled)):
        split = other.splits["train"]
        assert isinstance(split, PixelSplit)
        assert not is_mapped(split.stored)
        assert not split.stored.flags.writeable
        assert not other.y_train.flags.writeable
        assert other.x_train.tobytes() == data.x_train.tobytes()


def test_a_split_unpacks_and_tells_its_size():
    data = hpt.load_mnist()
    x, y = data.splits["test"]
    assert (len(x), len(y)) == (10_000, 10_000)
    assert data.splits["test"][1] is data.y_test
    assert repr(data.splits["test"]) == "PixelSplit(10,000 samples of shape (28, 28))"
    assert repr(Split(np.ones((2, 3), np.float32), np.zeros(2, np.int64))) == (
        "Split(2 samples of shape (3,))"
    )


def test_the_readers_own_bytes_stay_as_they_are():
    """What is read from 0 to 255 is not scaled behind the reader's back."""
    x = np.full((4, 2), 200, np.uint8)
    data = Dataset.from_arrays(x, [0, 1, 0, 1])
    assert data.x_train.dtype == np.float32
    assert (data.x_train == 200).all()
    assert data.splits["train"].stored is data.x_train


def test_hpt_data_of_an_unknown_user_is_a_folder_that_is_not_there(monkeypatch):
    monkeypatch.setenv("HPT_DATA", "~nobodyxx/digits")
    with pytest.raises(source.DataError, match=r"~nobodyxx/digits, does not exist"):
        hpt.load_mnist()


def test_mnist_folder_is_the_repositorys():
    """The file lies beside the files that it is made from, and git ignores it."""
    assert (MNIST / FILE_NAME).exists()
    ignored = (MNIST.parents[1] / ".gitignore").read_text(encoding="utf-8")
    assert f"data/mnist/*{FILE_NAME}*" in ignored.splitlines()
