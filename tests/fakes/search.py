"""What finding by words means, in plain loops."""

from __future__ import annotations

import re
import unicodedata


def has_words(asked: str, text: str) -> bool:
    """Each word of `asked`, at least one, is the beginning of a word of `text`."""
    begun = _words(text)
    wanted = _words(asked)
    return bool(wanted) and all(any(word.startswith(each) for word in begun) for each in wanted)


def has_digits(asked: str, phone: str) -> bool:
    digits = re.sub("[^0-9]", "", asked).lstrip("0")
    return len(digits) >= 4 and digits in re.sub("[^0-9]", "", phone)


def is_number(asked: str) -> bool:
    return re.fullmatch(r"[-+()./\s0-9]+", asked) is not None


def similarity(asked: str, text: str) -> float:
    """How many of the trigrams of `asked` are in `text` too."""
    wanted = _trigrams(asked)
    return len(wanted & _trigrams(text)) / len(wanted) if wanted else 0.0


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"[^\W_]+", "".join(each for each in letters if not unicodedata.combining(each)))


def _trigrams(text: str) -> set[str]:
    padded = [f"  {word} " for word in re.findall(r"[^\W_]+", text.lower())]
    return {word[start : start + 3] for word in padded for start in range(len(word) - 2)}
