"""Learn what questions want from our own wordings: `python -m tests.eval.coach.learn_intents`.

Writes `core/coach/offline/intents.json`: pieces, their rarity, and whole numbers of one byte for the lines.
"""

import base64
import json
import random
from collections import Counter
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from core.coach.offline.sense import SHIPPED, pieces, weighed
from core.config import ROOT
from tests.eval.coach.wordings import FUNCTION_WORDS, WORDINGS

STRENGTH: Final = 30.0
FEWEST: Final = 3
"""In so many wordings a piece must be."""
SEED: Final = 7
_MARKS: Final = ("xcat", "xmer", "xacc", "xgoal", "xper", "xcmp", "xamt", "xcnt", "xahead")


def varied() -> list[tuple[str, str]]:
    """Return (wording, intent): each as it stands, without its period, with it in front, and with slips of the pen."""
    chance = random.Random(SEED)
    found: dict[tuple[str, str], None] = {}
    for intent, wordings in WORDINGS.items():
        for wording in wordings:
            several = [wording]
            if wording.endswith(" xper") and len(wording.split()) > 2:
                several += [wording.removesuffix(" xper"), f"xper {wording.removesuffix(' xper')}"]
            if "xmer" in wording and intent not in {"foreign", "bills"}:
                several += [one.replace("xmer", "xcat") for one in several[:1]]
            for one in list(several):
                found[one, intent] = None
                found[_slipped(one, chance), intent] = None
    return list(found)


def _slipped(wording: str, chance: random.Random) -> str:
    words = wording.split()
    able = [at for at, word in enumerate(words) if len(word) > 4 and word not in _MARKS]
    if not able:
        return wording
    at = chance.choice(able)
    word, place = words[at], chance.randrange(1, len(words[at]) - 1)
    words[at] = chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place] + word[place:],
        )
    )
    return " ".join(words)


def main() -> None:
    learned = varied()
    counted = [Counter(pieces(wording)) for wording, _ in learned]
    spread = Counter(piece for one in counted for piece in one)
    names = sorted(piece for piece, many in spread.items() if many >= FEWEST)
    places = {name: at for at, name in enumerate(names)}
    rarity = np.array([round(float(np.log((1 + len(learned)) / (1 + spread[name])) + 1), 3) for name in names])
    rows = np.array([weighed(one, places, rarity) for one in counted])
    machine = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced").fit(
        rows, [intent for _, intent in learned]
    )
    scales = np.abs(machine.coef_).max(axis=1) / 127
    ours = (wording for intent, wordings in WORDINGS.items() if intent != "foreign" for wording in wordings)
    words = {word for wording in ours for word in wording.split()} | set(FUNCTION_WORDS)
    kept = {
        "intents": machine.classes_.tolist(),
        "words": " ".join(sorted(words - set(_MARKS))),
        "offsets": [round(float(one), 4) for one in machine.intercept_],
        "scales": [float(f"{one:.5g}") for one in scales],
        "rarity": rarity.tolist(),
        "pieces": "\n".join(names),
        "weights": base64.b64encode(np.round(machine.coef_ / scales[:, None]).astype(np.int8).tobytes()).decode(),
    }
    path = ROOT / "core" / "coach" / "offline" / SHIPPED
    path.write_text(json.dumps(kept, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(learned)} wordings, {len(names)} pieces, {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
