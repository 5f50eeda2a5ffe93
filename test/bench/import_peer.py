"""What the import of images and arrays is measured beside: ten lines of Pillow and NumPy, as one would write them.

    import_peer.py make FOLDER COUNT WIDTH HEIGHT PHOTOS   photographs of that size with a camera's noise, as JPEG
    import_peer.py images FOLDER PATCHES                   grey patches at random places, normalised
    import_peer.py make-array FILE ROWS COLUMNS
    import_peer.py array FILE COPY                         np.load, np.save
"""

import os
import sys

import numpy as np
from PIL import Image


def make(folder, count, width, height, photos):
    random = np.random.default_rng(1)
    sources = sorted(os.path.join(photos, name) for name in os.listdir(photos))
    os.makedirs(folder, exist_ok=True)
    for k in range(count):
        photo = Image.open(sources[k % len(sources)]).convert("RGB").resize((width, height), Image.BICUBIC)
        noise = random.normal(0, 3, (height, width, 1)).astype(np.float32)
        noisy = np.clip(np.asarray(photo, np.float32) + noise, 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(os.path.join(folder, f"{k:05d}.jpg"), quality=88)


def images(folder, count, size=8):
    random = np.random.default_rng(1)
    files = sorted(os.listdir(folder))
    patches = []
    for k, name in enumerate(files):
        grey = np.asarray(Image.open(os.path.join(folder, name)).convert("L"), np.float32) / 255
        for _ in range(count * (k + 1) // len(files) - count * k // len(files)):
            y = random.integers(grey.shape[0] - size + 1)
            x = random.integers(grey.shape[1] - size + 1)
            patches.append(grey[y : y + size, x : x + size].ravel())
    x = np.array(patches)
    x -= x.mean(axis=1, keepdims=True)
    sigma = 3 * x.std()
    np.save("/dev/null", np.clip(x / sigma, -1, 1) * 0.4 + 0.5)


if __name__ == "__main__":
    work, *given = sys.argv[1:]
    if work == "make":
        make(given[0], *map(int, given[1:4]), given[4])
    elif work == "images":
        images(given[0], int(given[1]))
    elif work == "make-array":
        shape = (int(given[1]), int(given[2]))
        np.save(given[0], np.random.default_rng(1).random(shape, np.float32))
    else:
        np.save(given[1], np.load(given[0]))
