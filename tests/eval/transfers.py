"""`python -m tests.eval.transfers --transactions T.csv --truth R.csv`: how many transfers are found, and rightly.

T has the columns `id,account,date,amount,description`, and may have `currency,type,pending,category,name,mask`; R has
`out_id,in_id`, or `id,pair`, where rows of one transfer have the same pair (or name each other).
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from core.errors import FinTrackError
from core.ledger.pairing import Transfer, find_transfers
from tests.eval.transfer_files import Transactions, read_transactions, read_truth

Pair = tuple[str, str]


def figures(told: Transactions, truth: set[frozenset[str]], found: Iterable[Transfer]) -> dict[str, float]:
    """Return precision and recall of the sure pairs, and of sure and asked ones together. Pairs have no direction."""
    pairs = [(frozenset((told.names[one.out_id], told.names[one.in_id])), one.sure) for one in found]
    sure = {pair for pair, certain in pairs if certain}
    every = {pair for pair, _ in pairs}
    return {
        "rows": len(told.ledger),
        "transfers": len(truth),
        "sure": len(sure),
        "asked": len(every) - len(sure),
        "precision": _share(len(sure & truth), len(sure)),
        "recall": _share(len(sure & truth), len(truth)),
        "precision with asked": _share(len(every & truth), len(every)),
        "recall with asked": _share(len(every & truth), len(truth)),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def main(arguments: list[str]) -> int:
    """Print the figures, or in one sentence why there are none."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.transfers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--transactions", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument(
        "--wrong", type=int, default=0, help="also print so many sure pairs that are wrong, and missed ones"
    )
    asked = parser.parse_args(arguments)
    try:
        told = read_transactions(asked.transactions)
        truth = read_truth(asked.truth, set(told.names))
    except FinTrackError as failure:
        print(failure, file=sys.stderr)
        return 2
    found = find_transfers(told.ledger)
    for name, value in figures(told, truth, found).items():
        print(f"{name + ':':22}{value:.4f}" if isinstance(value, float) else f"{name + ':':22}{value}")
    if asked.wrong:
        _print_wrong(told, truth, found, asked.wrong)
    return 0


def _print_wrong(told: Transactions, truth: set[frozenset[str]], found: list[Transfer], most: int) -> None:
    lines = dict(zip(told.names, told.lines, strict=True))
    pairs = {frozenset((told.names[one.out_id], told.names[one.in_id])): one for one in found}
    wrong = [pair for pair, one in pairs.items() if one.sure and pair not in truth]
    missed = [pair for pair in truth if pair not in pairs or not pairs[pair].sure]
    for heading, some in (("wrong", wrong), ("not sure", missed)):
        for pair in some[:most]:
            one = pairs.get(pair)
            print(f"{heading}: {f'{one.score} ' + '; '.join(one.reasons) if one else 'not found'}")
            for name in sorted(pair):
                print(f"    {lines[name]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
