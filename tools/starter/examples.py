"""Paints the picture of the model card: examples.webp, three rows of eight, one seed, nothing picked.

    python tools/starter/examples.py [--model tools/starter/model]
"""

import argparse
from pathlib import Path

import torch

from components import SHIPPED, decode, load_components, sample_ddim, save_grid

PROMPTS = (
    'an apple', 'a cat', 'a rocket', 'a panda', 'a castle', 'a robot', 'a burger', 'a penguin in the snow',
    'a blue car', 'a purple heart', 'a pink elephant', 'a yellow umbrella', 'a dog on a beach', 'a rocket in space', 'a ship in the sea', 'a pig at sunset',
    'three cats', 'two apples', 'three red balloons', 'a cat wearing a hat', 'a bear holding a balloon', 'a big moon above a house',
    'a cat and a dog', 'a red car on the left',
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', type=Path, default=SHIPPED)
    options = parser.parse_args()
    torch.set_num_threads(1)
    parts = load_components(options.model)
    save_grid(decode(parts, sample_ddim(parts, list(PROMPTS), seed=7)), options.model / 'examples.webp', columns=8)


if __name__ == '__main__':
    main()
