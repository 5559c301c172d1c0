"""Runs the published experiment's source stage and straight transfer in PyTorch; prints one JSON line a seed.

  python transfer.py --mnist FOLDER [--seeds 10] [--batch 50]

MS and C train on digits 0 and 1 with labels: one epoch, two SGD optimisers at 0.03. Then C(MS(x)) classifies digits 2
and 3; 2 counts as 0 and 3 as 1. With two classes, the accuracy under the swapped pairing is 1 minus this accuracy. Each
domain has 10,000 training images. The experiment is the lab's, with PyTorch's own initial weights and batch order.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from networks import Encoder, make_classifier

COUNT = 10_000
SOURCE, TARGET = (0, 1), (2, 3)


def read_idx(path):
    raw = path.read_bytes()
    sizes = [int.from_bytes(raw[4 + 4 * k : 8 + 4 * k], "big") for k in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)


def draw(images, labels, classes, seed):
    indices = np.random.RandomState(seed).permutation(np.where(np.isin(labels, classes))[0])[:COUNT]
    pixels = torch.tensor(images[indices] / 255.0, dtype=torch.float32)[:, None]
    return pixels, torch.tensor((labels[indices] == classes[1]).astype(np.int64))


@torch.no_grad()
def accuracy(MS, C, images, labels):
    right = [(C(MS(x)).argmax(1) == y).sum().item() for x, y in zip(images.split(1000), labels.split(1000))]
    return sum(right) / len(labels)


def train_source(images, labels, batch):
    MS, C = Encoder(), make_classifier()
    optimisers = [torch.optim.SGD(network.parameters(), lr=0.03) for network in (MS, C)]
    for index in torch.randperm(len(labels)).split(batch):
        loss = F.cross_entropy(C(MS(images[index])), labels[index])
        for optimiser in optimisers:
            optimiser.zero_grad()
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
    return MS, C


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--batch", type=int, default=50)
    options = parser.parse_args()

    torch.set_num_threads(2)
    images = read_idx(options.mnist / "train-images-idx3-ubyte")
    labels = read_idx(options.mnist / "train-labels-idx1-ubyte")
    for seed in range(options.seeds):
        torch.manual_seed(seed)
        source, target = draw(images, labels, SOURCE, seed), draw(images, labels, TARGET, seed)
        MS, C = train_source(*source, options.batch)
        line = {"seed": seed, "source": accuracy(MS, C, *source), "transfer": accuracy(MS, C, *target)}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
