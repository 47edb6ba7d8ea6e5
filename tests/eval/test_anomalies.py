"""The evaluation of anomalies reads any file of that shape, and ours is ahead of the z-score."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.eval.anomalies import amounts_of, figures, labels_of, main, moments_of, precision_first
from tests.eval.anomaly_sets import cards, households


@pytest.mark.parametrize("make", [lambda: cards(5, 15, timed=False), lambda: households(5, 8)])
def test_ours_is_ahead_of_the_z_score(make) -> None:  # noqa: ANN001 - a maker of a set
    told = make()
    found = figures(told.drop(columns="label").astype(str), told[["id", "label"]].astype(str))
    assert found["ours"][0] > found["z-score of each customer"][0]
    assert found["ours"][1] > found["z-score of each customer"][1]


def test_files_are_read_whatever_their_sign_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = households(6, 3)
    truth = told[["id"]].assign(label=np.where(told["label"] == 1, "Anomaly", "normal"))
    out = told.drop(columns="label").assign(amount=-told["amount"])
    for name, table in (("t.csv", out), ("l.csv", truth)):
        table.to_csv(tmp_path / name, index=False)
    assert main(["--transactions", str(tmp_path / "t.csv"), "--truth", str(tmp_path / "l.csv")]) == 0
    signed = capsys.readouterr().out
    told.drop(columns="label").to_csv(tmp_path / "t.csv", index=False)
    main(["--transactions", str(tmp_path / "t.csv"), "--truth", str(tmp_path / "l.csv")])
    assert capsys.readouterr().out.splitlines()[3:] == signed.splitlines()[3:]


def test_dates_amounts_and_labels_of_many_kinds() -> None:
    def table(**columns: list[str]) -> pd.DataFrame:
        return pd.DataFrame(columns)

    assert moments_of(table(date=["0", "179"]))[0].tolist() == [0, 179]
    days, timed = moments_of(table(date=["2020-06-21 12:00:00", "2020-06-22"]))
    assert (np.diff(days).tolist(), timed) == ([0.5], True)
    assert moments_of(table(date=["06/21/2020", "06/22/2020"]))[1] is False
    assert amounts_of(table(amount=["$1,234.50", "-7", "(3.25)"])).tolist() == [1234.5, -7, -3.25]
    assert amounts_of(table(amount=["12,5", "-7,25"])).tolist() == [12.5, -7.25]
    labels, known = labels_of(table(id=["a", "b", "c"]), table(id=["b"], label=["fraud"]))
    assert (labels.tolist(), known.all()) == ([0, 1, 0], True)


def test_rows_with_one_score_share_what_is_right() -> None:
    assert precision_first(np.array([1, 0, 0, 1]), np.array([3.0, 1, 1, 1]), 2) == pytest.approx((1 + 1 / 3) / 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("id,customer,date,amount\n1,a,2020-01-01,3\n", "the column merchant is missing"),
        ("id,customer,date,amount,merchant\n", "has no rows"),
        ("id,customer,date,amount,merchant\n1,a,2020-01-01,much,b\n", "'much' is no amount"),
        ("id,customer,date,amount,merchant\n1,a,soon,3,b\n", "A date can't be read"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, sentence: str
) -> None:
    (tmp_path / "t.csv").write_text(content, "utf-8")
    (tmp_path / "l.csv").write_text("id,label\n1,1\n", "utf-8")
    assert main(["--transactions", str(tmp_path / "t.csv"), "--truth", str(tmp_path / "l.csv")]) == 2
    assert sentence in capsys.readouterr().err
