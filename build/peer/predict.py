"""Predicts the images of a folder in PyTorch, as `lab predict` does, to compare their speed.

  python predict.py --weights FILE.safetensors --images FOLDER --out FILE.csv [--side 28] [--channels 1] [--threads 2]

The LeNet of the published experiment for any side, MT and C of a checkpoint. Pillow decodes; images of another size are
resized by Pillow. 250 images of 28 x 28 in a pass, fewer of larger ones, as in the lab. Prints one JSON line:
{"perSecond": images a second from the first file to the last row, "version": ...}.
"""
import argparse
import csv
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file

from parent import end_with_parent


def forward(weights, x):
    encoder = "target_encoder." if "target_encoder.fc.weight" in weights else "source_encoder."
    of = lambda layer: (weights[f"{encoder}{layer}.weight"], weights[f"{encoder}{layer}.bias"])
    x = F.relu(F.max_pool2d(F.conv2d(x, *of("conv1")), 2))
    x = F.relu(F.max_pool2d(F.conv2d(x, *of("conv2")), 2))
    features = F.linear(x.flatten(1), *of("fc"))
    return F.linear(features, weights["classifier.fc.weight"], weights["classifier.fc.bias"])


def read(path, side, channels):
    image = Image.open(path).convert("L" if channels == 1 else "RGB")
    if image.size != (side, side):
        image = image.resize((side, side), Image.BILINEAR)
    return np.asarray(image, dtype=np.uint8).reshape(side, side, channels)


def main():
    end_with_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--side", type=int, default=28)
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    side, channels = options.side, options.channels
    size = min(250, max(10, 250 * 28**2 // side**2))

    began = time.perf_counter()
    weights = load_file(options.weights)
    names = sorted(os.listdir(options.images))
    with open(options.out, "w", newline="") as file, torch.inference_mode():
        rows = csv.writer(file)
        rows.writerow(["file", "prediction", "probability"])
        for start in range(0, len(names), size):
            batch = names[start : start + size]
            pixels = np.stack([read(os.path.join(options.images, name), side, channels) for name in batch])
            x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
            shares = F.softmax(forward(weights, x), dim=1)
            best, classes = shares.max(1)
            rows.writerows(zip(batch, classes.tolist(), best.tolist()))
    seconds = time.perf_counter() - began
    print(json.dumps({"perSecond": len(names) / seconds, "version": torch.__version__}))


main()
