"""Words that are easy to say, to hear and to type: class codes and nicknames."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from hpt_widgets.language import translate

LONGEST_NICKNAME: Final = 24
_PUNCTUATION: Final = " -_."
_APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}"
# Letters and marks that leave a name without anything to see, or make two of one look alike: what
# Unicode calls default-ignorable, and blanks of Egyptian and Khitan script. First and last of each
# range.
_UNSEEN: Final = (
    ("\u034f", "\u034f"),
    ("\u115f", "\u1160"),
    ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"),
    ("\u3164", "\u3164"),
    ("\ufe00", "\ufe0f"),
    ("\uffa0", "\uffa0"),
    ("\U00016fe4", "\U00016fe4"),
    ("\U00013441", "\U00013442"),
    ("\U000e0100", "\U000e01ef"),
)
# In Mongolian script these choose the form of the letter before them, as spelling has it.
_SELECTORS: Final = "\u180b\u180c\u180d\u180f"
_MONGOLIAN: Final = ("\u1820", "\u18aa")

_LIST: Final = """
acorn alder almond amber anchor apple apricot arrow aspen autumn badger bamboo banana barley
basil basket beach beacon bear beaver beech bell berry birch bison blossom boat bonfire
breeze brick bridge brook bronze bucket butter button cabin cactus camel candle canoe canyon
carrot castle cedar cello chalk cherry chestnut cider cinnamon citrus cliff cloud clover
cobalt coconut comet compass copper coral corn cotton cove coyote crane cricket crow crystal
cypress daisy dawn deer delta desert dolphin donkey dove dragon drum dune eagle ebony echo
elder elm ember emerald falcon feather fern fiddle field fig finch fire fjord flame flint
flower flute fog forest fossil fountain fox frost galaxy garden garlic garnet geyser ginger
glacier globe goat gold goose grape grass gravel grove guitar gull hammer harbor hare harp
hawk hazel heron hill hollow holly honey horizon horse iris iron island ivory ivy jade jasmine
jungle juniper kettle kiwi koala lagoon lake lantern larch lark laurel lava lavender leaf
lemon lichen lily lime linden linen lion lizard llama lotus lynx magnet mango maple marble
marsh meadow melon meteor mint mirror moon moss mountain mulberry mushroom nectar nest nettle
nickel north nutmeg oak oasis oat ocean olive onion opal orange orbit orchard orchid otter
owl palm panda papaya paper parrot peach peacock pearl pebble pelican pepper pigeon pine
planet plum pollen pond poplar poppy prairie pumpkin quail quartz quince rabbit rain rainbow
raven reed reef ribbon rice river robin rocket rose ruby saffron sage sailor salmon sand
sapphire seal sequoia shadow shell shore silk silver sky snow spark sparrow spring spruce
squirrel star stone storm stream sugar summer summit sun swan tea temple thistle thunder tide
tiger timber topaz torch tower trail tulip tundra tunnel turtle valley vanilla velvet violet
walnut wave whale wheat willow wind window winter wolf wood wren yarrow zebra
"""
WORDS: Final = tuple(_LIST.split())
_KNOWN: Final = frozenset(WORDS)


def new_class_code() -> str:
    """Return two different words with a hyphen between, drawn by the system's generator."""
    first = secrets.choice(WORDS)
    second = secrets.choice([word for word in WORDS if word != first])
    return f"{first}-{second}"


def may_be_code(code: str) -> bool:
    """Return whether a text is one of those that `new_class_code` draws."""
    first, _, second = code.partition("-")
    return first != second and first in _KNOWN and second in _KNOWN


def new_nickname() -> str:
    """Return a word and a number, such as ``"cedar-17"``."""
    return f"{secrets.choice(WORDS)}-{secrets.randbelow(90) + 10}"


def checked_code(code: object) -> str:
    """Return a class code as it is compared: in small letters, with hyphens between the words.

    Parameters
    ----------
    code : str
        What was typed: capitals, spaces and a Chinese keyboard's wide letters are forgiven.

    Raises
    ------
    TypeError, ValueError
        If it is no two words.
    """
    if not isinstance(code, str):
        raise TypeError(translate("board.code", value=code))
    plain = unicodedata.normalize("NFKC", code).lower()
    words = "".join(c if c.isalpha() else " " for c in plain).split()
    if len(words) != 2 or not all(word.isascii() for word in words):
        raise ValueError(translate("board.code", value=code))
    return "-".join(words)


def checked_nickname(nickname: object) -> str:
    """Return a nickname as it is shown: letters of any script, digits, and `` -_.`` between.

    An apostrophe stands between two letters alone. All of them can be seen. So it holds no
    markup, and begins with nothing that a spreadsheet would compute.

    Parameters
    ----------
    nickname : str
        At most 24 characters; spaces around it are taken off.

    Raises
    ------
    TypeError, ValueError
        If it is something else.
    """
    if not isinstance(nickname, str):
        raise TypeError(translate("board.nickname", value=nickname, most=LONGEST_NICKNAME))
    name = " ".join(unicodedata.normalize("NFC", nickname).split())
    around = zip(f" {name}", name, f"{name[1:]} ", strict=False)
    allowed = all(
        _is_part_of_word(c)
        or c in _PUNCTUATION
        or _is_form_of(c, before)
        or (c in _APOSTROPHES and before.isalpha() and behind.isalpha())
        for before, c, behind in around
    )
    if not name or len(name) > LONGEST_NICKNAME or not allowed or not name[0].isalnum():
        raise ValueError(translate("board.nickname", value=nickname, most=LONGEST_NICKNAME))
    return name


def _is_form_of(character: str, letter: str) -> bool:
    return character in _SELECTORS and _MONGOLIAN[0] <= letter <= _MONGOLIAN[1]


def _is_part_of_word(character: str) -> bool:
    # Letters, digits, and the marks that some scripts write around a letter.
    if any(first <= character <= last for first, last in _UNSEEN):
        return False
    return unicodedata.category(character)[0] in "LNM"
