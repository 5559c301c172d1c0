"""Writes photos that the lab reduces, in the kinds and orientations that people have: python make_photos.py FOLDER"""

import sys
from pathlib import Path

import numpy
from PIL import Image

root = Path(sys.argv[1])
folder = root / "photos"
folder.mkdir(parents=True)


def waves(width, height, channels, seed):
    """Smooth shapes and fine grain, as bytes."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [
        120
        + 70 * numpy.sin(x / width * 9 + seed + c) * numpy.cos(y / height * 7 - c)
        + random.normal(0, 12, (height, width))
        for c in range(channels)
    ]
    values = numpy.clip(numpy.stack(planes, -1), 0, 255).astype(numpy.uint8)
    return Image.fromarray(values[..., 0] if channels == 1 else values)


def oriented(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


for value in range(1, 9):
    waves(900, 640 + value, 3, value).save(folder / f"turned-{value}.jpg", exif=oriented(value))
waves(3001, 2003, 3, 9).save(folder / "divided-by-two.jpg", quality=92, exif=oriented(6))
waves(2600, 5300, 3, 10).save(folder / "divided-by-four.jpg")
waves(1000, 1400, 1, 11).save(folder / "grey.jpg", exif=oriented(8))
waves(1280, 640, 3, 12).save(folder / "just-reduced.jpg")
waves(400, 321, 3, 13).save(folder / "a-little.png")
waves(700, 500, 4, 14).save(folder / "transparent.png", exif=oriented(3))
waves(700, 500, 3, 15).convert("P").save(folder / "palette.png", transparency=3)
waves(500, 500, 3, 16).convert("CMYK").save(folder / "cmyk.jpg")
waves(701, 500, 3, 17).save(folder / "photo.webp", lossless=True, exif=oriented(5))
waves(640, 480, 3, 18).save(folder / "photo.tif")
waves(640, 480, 1, 19).convert("1").save(folder / "bits.png")
deep = numpy.random.default_rng(20).integers(0, 65536, (500, 400), dtype=numpy.uint16)
Image.fromarray(deep).save(folder / "deep.png")
waves(30, 24, 3, 21).save(folder / "small.bmp")
waves(28, 28, 1, 22).save(folder / "as-it-is.png")
(root / "more").mkdir()
waves(333, 777, 3, 23).save(root / "more" / "named \u732b, \"1\".png")
