"""Predicts the classes of images with a network that Domain Adaptation Lab trained.

    python predict.py FOLDER_OR_FILES... [--out FILE.csv] [--force]

Folders are searched with their subfolders. Each image gives a row `file,prediction,probability`, on standard output or
in FILE.csv; an image that cannot be read gives a row without prediction, and the exit code is then 1.

Requires torch, safetensors and pillow. weights.safetensors must lie beside this script. Images are decoded, reduced,
framed and scaled with the arithmetic that the lab applied in training.
"""

import argparse
import csv
import math
import os
import sys

import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torch import nn

# <checkpoint>


# --- Images ----------------------------------------------------------------------------------------------------------

# The kinds of images that the lab reads, as Pillow names them, and the endings by which files in folders are found.
Image.init()
KINDS = [kind for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM", "AVIF") if kind in Image.OPEN]
ENDINGS = "jpg jpeg jpe jfif png webp tif tiff bmp dib gif pbm pgm ppm pnm avif".split()

# Larger images are reduced to this shorter side before they are framed, as the lab stores them.
SHORTER_SIDE = 320
MOST_PIXELS = 100_000_000
# Pillow would warn from half of its own limit on.
Image.MAX_IMAGE_PIXELS = None

ORIENTATION = 0x0112


def read_image(path):
    """The image as `[height, width, 1 or 3]` bytes, its shorter side at most 320, turned as its EXIF data says."""
    with Image.open(path, formats=KINDS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("more than 100 megapixels")
        orientation = orientation_of(image)
        if image.format == "TIFF":
            image.load()  # Pillow turns it, which may exchange width and height.
        width, height = image.size
        shorter = min(width, height)
        if shorter > SHORTER_SIDE:
            # A JPEG is divided by 2, 4 or 8 while it is decoded; other images ignore this.
            image.draft(None, (2 * SHORTER_SIDE, 2 * SHORTER_SIDE))
        pixels = on_white(image)
    if shorter > SHORTER_SIDE:
        height, width = (math.floor(length * SHORTER_SIDE / shorter + 0.5) for length in (height, width))
        pixels = reduce(pixels, height, width)
    return turn(pixels, orientation)


def orientation_of(image):
    """EXIF orientation, 1 to 8; 1 for a TIFF, which Pillow itself turns."""
    if image.format == "TIFF":
        return 1
    try:
        exif = Image.Exif()
        exif.load(image.info.get("exif", b""))
        value = exif.get(ORIENTATION, 1)
    except Exception:  # Damaged EXIF data says nothing.
        return 1
    return value if value in range(1, 9) else 1


def on_white(image):
    """`[height, width, 1 or 3]` bytes, transparent parts on white. Of 16 bits a channel, the upper 8 are kept."""
    image.load()
    if image.mode == "F":
        raise ValueError("images of floats are not read")
    if image.mode.startswith("I"):
        return (values_of(image.convert("I"), torch.int32) >> 8).to(torch.uint8)
    grey = image.mode in ("1", "L", "LA", "La")
    if image.mode not in ("RGBA", "LA", "PA", "RGBa", "La") and "transparency" not in image.info:
        return values_of(image.convert("L" if grey else "RGB"), torch.uint8)
    values = values_of(image.convert("LA" if grey else "RGBA"), torch.uint8).to(torch.float64)
    colours, alpha = values[..., :-1], values[..., -1:]
    return torch.floor(alpha * colours / 255 + 255 - alpha + 0.5).to(torch.uint8)


def values_of(image, dtype):
    values = torch.frombuffer(bytearray(image.tobytes()), dtype=dtype)
    return values.reshape(image.height, image.width, -1)


def turn(pixels, orientation):
    if orientation in (2, 3, 7, 8):
        pixels = pixels.flip(1)
    if orientation in (3, 4, 6, 7):
        pixels = pixels.flip(0)
    return pixels.transpose(0, 1) if orientation >= 5 else pixels


def triangle(length, size):
    """For each of `size` output positions: the first input position that contributes to it, and the weights.

    Bilinear, with pixel centres at half coordinates. For reducing, the triangle of weights widens, so that no pixel is
    skipped.
    """
    ratio = length / size
    reach = max(1.0, ratio)
    taps = []
    for position in range(size):
        centre = (position + 0.5) * ratio - 0.5
        first = max(0, math.ceil(centre - reach))
        last = min(length - 1, math.floor(centre + reach))
        weights = [1 - abs(n - centre) / reach for n in range(first, last + 1)]
        total = 0.0
        for weight in weights:  # Not `sum`, which rounds differently from Python 3.12 on.
            total += weight
        taps.append((first, [weight / total for weight in weights]))
    return taps


def apply(taps, values, dimension):
    """Resizes `[height, width, channels]` along one dimension."""
    shape = [1, 1, 1]
    shape[dimension] = len(taps)
    result = 0
    for k in range(max(len(weights) for _, weights in taps)):
        index = torch.tensor([first + min(k, len(weights) - 1) for first, weights in taps])
        weight = torch.tensor([weights[k] if k < len(weights) else 0 for _, weights in taps], dtype=values.dtype)
        result = result + values.index_select(dimension, index) * weight.reshape(shape)
    return result


def resize(values, height, width):
    """Resizes float values `[height, width, channels]`."""
    values = apply(triangle(values.shape[0], height), values, 0)
    return apply(triangle(values.shape[1], width), values, 1)


def reduce(pixels, height, width):
    """Resizes bytes `[height, width, channels]` with weights in whole numbers of 1/16384, as the lab does."""
    if tuple(pixels.shape[:2]) == (height, width):
        return pixels
    rows = apply(whole(triangle(pixels.shape[0], height)), pixels.to(torch.int32), 0)
    columns = apply(whole(triangle(pixels.shape[1], width)), rows >> 6, 1)
    return ((columns + 2**21) >> 22).to(torch.uint8)


def whole(taps):
    result = []
    for first, weights in taps:
        rounded = [math.floor(weight * 2**14 + 0.5) for weight in weights]
        # The largest takes up what is missing, so that they sum to 1.
        rounded[rounded.index(max(rounded))] += 2**14 - sum(rounded)
        result.append((first, rounded))
    return result


def to_input(pixels):
    """The network's input, `[CHANNELS, SIDE, SIDE]`, from bytes `[height, width, 1 or 3]`."""
    values = pixels.to(torch.float32) / 255
    if tuple(values.shape[:2]) != (SIDE, SIDE):
        values = frame(values)
    return scale(with_channels(values)).permute(2, 0, 1)


# --- Files -----------------------------------------------------------------------------------------------------------


def images_in(named):
    """Pairs of a file's name in the output and its path. In one folder, names are relative to it."""
    for path in named:
        if not os.path.isdir(path):
            yield path, path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if name.startswith(".") or name.rsplit(".", 1)[-1].lower() not in ENDINGS:
                    continue
                file = os.path.join(folder, name)
                yield (os.path.relpath(file, path) if len(named) == 1 else file), file


def predict(network, asked, write):
    """Writes a row for each image; returns how many images could not be read."""
    unread = 0
    batch = []

    def end_batch():
        read = [values for _, values in batch if values is not None]
        found = iter(classify(network, torch.stack(read)) if read else [])
        for name, values in batch:
            write([name, *(["", ""] if values is None else next(found))])
        batch.clear()

    for name, path in images_in(asked.named):
        try:
            batch.append((name, to_input(read_image(path))))
        except Exception as error:
            print(f"{path}: {error}", file=sys.stderr)
            batch.append((name, None))
            unread += 1
        if len(batch) == 64:
            end_batch()
    end_batch()
    return unread


# <main>
