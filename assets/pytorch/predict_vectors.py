"""Predicts the classes of vectors with a network that Domain Adaptation Lab trained.

    python predict.py FILES... [--array NAME] [--out FILE.csv] [--force]

FILES are NumPy's .npy and .npz (a row of a two-dimensional array for each sample; --array names the array of an .npz
that has several), or tables of numbers with commas, tabs or semicolons, with a header or without. Each sample gives a
row `file,prediction,probability`, on standard output or in FILE.csv; the file is followed by # and the number of its
row, from 0.

Requires torch and safetensors, and numpy for .npy and .npz. weights.safetensors must lie beside this script.
"""

import argparse
import csv
import math
import os
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

# <checkpoint>


# --- Files -----------------------------------------------------------------------------------------------------------


def read_vectors(path, array):
    """`[count, LENGTH]`, float32."""
    values = read_arrays(path, array) if path.lower().endswith((".npy", ".npz")) else read_table(path)
    if values.dim() != 2 or values.shape[1] != LENGTH:
        raise SystemExit(f"{path}: {list(values.shape)} values, but the network takes [count, {LENGTH}]")
    if not bool(torch.isfinite(values).all()):
        raise SystemExit(f"{path}: some values are not finite")
    return values


def read_arrays(path, array):
    import numpy

    found = numpy.load(path, allow_pickle=False)
    if path.lower().endswith(".npz"):
        fitting = [name for name in found.files if found[name].ndim == 2 and found[name].shape[1] == LENGTH]
        if array is None and len(fitting) != 1:
            raise SystemExit(f"{path}: choose the array with --array: {', '.join(found.files)}")
        found = found[array or fitting[0]]
    return torch.from_numpy(numpy.ascontiguousarray(found, dtype="float32"))


def read_table(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        first = file.readline()
        file.seek(0)
        separator = next((mark for mark in "\t;" if mark in first), ",")
        rows = [row for row in csv.reader(file, delimiter=separator) if row]
    if rows and not all(map(is_number, rows[0])):
        rows = rows[1:]  # A header.
    try:
        values = [[float(value) for value in row] for row in rows]
        return torch.tensor(values, dtype=torch.float32).reshape(len(values), -1)
    except (ValueError, RuntimeError) as error:
        raise SystemExit(f"{path}: not a table of numbers in rows of {LENGTH}: {error}")


def is_number(text):
    try:
        float(text)
        return True
    except ValueError:
        return False


def predict(network, asked, write):
    for path in asked.named:
        vectors = read_vectors(path, asked.array)
        for start in range(0, len(vectors), 1024):
            for row, found in enumerate(classify(network, vectors[start : start + 1024]), start):
                write([f"{path}#{row}", *found])
    return 0


# <main>
