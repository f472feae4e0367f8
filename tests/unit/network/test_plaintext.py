"""Tables as plain text: the same table gives the same bytes."""

from pathlib import Path

import numpy as np
import pandas as pd

from dehliz.network.plaintext import write_csv


def test_cells_are_plain(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": pd.Series(["a", "b,c", 'd"e'], dtype="str"),
            "number": [1.0, 0.1, np.nan],
            "count": [1, 2, 10**6],
            "flag": [True, False, True],
            "text": pd.Series(["", "Ақтау", "two\nlines"], dtype="str"),
        }
    )
    write_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().decode("utf-8") == (
        'id,number,count,flag,text\na,1,1,true,\n"b,c",0.1,2,false,Ақтау\n"d""e",,1000000,true,"two\nlines"\n'
    )


def test_floats_keep_every_digit(tmp_path: Path) -> None:
    values = [0.1 + 0.2, 1 / 3, 1e-9, 123456789.123, -0.5]
    write_csv(pd.DataFrame({"x": values}), tmp_path / "t.csv")
    assert [float(line) for line in (tmp_path / "t.csv").read_text().split()[1:]] == values
