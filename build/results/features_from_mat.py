"""Converts MATLAB files of features (`fts`, `labels`) to .npz files that the lab imports.

    python3 build/results/features_from_mat.py FOLDER OUT

Each FOLDER/NAME.mat gives OUT/NAME.npz with `features` [n, d] float32 and `labels` [n] from 0, in the order of the file.
Needs scipy and numpy.
"""

import pathlib
import sys

import numpy
from scipy.io import loadmat


def main(folder: pathlib.Path, out: pathlib.Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("*.mat")):
        content = loadmat(file)
        features = numpy.ascontiguousarray(content["fts"], dtype=numpy.float32)
        labels = content["labels"].astype(numpy.int64).ravel() - 1
        numpy.savez_compressed(out / f"{file.stem}.npz", features=features, labels=labels)
        print(f"{file.stem}: {features.shape[0]} x {features.shape[1]}, {labels.max() + 1} classes")


if __name__ == "__main__":
    main(*(pathlib.Path(argument) for argument in sys.argv[1:3]))
