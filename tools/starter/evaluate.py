"""Measures a starter model and writes the table, the fixed grid of 64 prompts and a grid of its first 72 subjects.

    python tools/starter/evaluate.py [--model tools/starter/model] [--subjects v2] [--out docs/starter] [--name v2]

Needs the artwork of data.py (--data version). The classifier is trained once, a few minutes. Prompts are built from training
captions except where "never seen" or "held out" is said: read the figures as memory, not as a promise for new words.
"""

import argparse
import json
from pathlib import Path

import torch

from classifier import load_classifier
from components import SHIPPED, decode, load_components, sample_ddim, save_grid
from home import HERE, HOME, load_subjects
from measures import (
    Setting,
    measure_autoencoder,
    measure_backgrounds,
    measure_colours,
    measure_held_out,
    measure_steps,
    measure_subjects,
    measure_two,
)
from measures2 import measure_above, measure_counts, measure_filler, measure_places, measure_scenes
from scene import Artwork, Painter

ROOT = HERE.parents[1]


def fixed_grid(parts, seed: int = 1, name: str = 'grid-prompts.txt') -> torch.Tensor:
    """The 64 prompts of grid-prompts.txt (the last is empty), or those of another list, one seed."""
    prompts = (HERE / name).read_text().split('\n')[:64]
    return decode(parts, sample_ddim(parts, prompts, seed=seed))


def evaluate(parts, options) -> tuple[dict, torch.Tensor]:
    listed, everything = load_subjects(options.subjects), load_subjects(options.data)['subjects']
    art = Artwork.load(options.data)
    painter = Painter(art, pixels=parts.vae.config.sample_size)
    network = load_classifier(art, len(everything), options.data)
    setting = Setting(parts, listed, art, painter, network, everything)
    measured, pictures = measure_subjects(setting)
    measures = [measure_autoencoder, measure_colours, measure_backgrounds, measure_held_out, measure_two, measure_steps]
    measures += [measure_counts, measure_places, measure_above, measure_scenes, measure_filler]
    for measure in measures:
        measured |= measure(setting)
        print(f'{measure.__name__} done', flush=True)
    return measured, pictures


def to_markdown(name: str, measured: dict) -> str:
    rows = [f'| {key} | {value} | {control} |' for key, (value, control) in measured.items()]
    head = f'# Measures of the starter model {name}\n\nBy tools/starter/evaluate.py; 8 steps, CFG 4, fixed seeds, nothing picked.\n'
    return '\n'.join([head, '| check (number of cases) | result | control |', '| --- | --- | --- |', *rows, ''])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', type=Path, default=SHIPPED)
    parser.add_argument('--subjects', default='v2', help='the subject list of the model')
    parser.add_argument('--data', default='v1', help='the artwork to judge with')
    parser.add_argument('--out', type=Path, default=ROOT / 'docs' / 'starter')
    parser.add_argument('--name', default='v2')
    options = parser.parse_args()
    torch.set_num_threads(1)
    parts = load_components(options.model)
    options.out.mkdir(parents=True, exist_ok=True)
    save_grid(fixed_grid(parts), options.out / f'fixed-{options.name}.png', columns=8, scale=1)
    strangers = fixed_grid(parts, seed=7, name='strangers-64.txt')
    save_grid(strangers, options.out / f'strangers-{options.name}.png', columns=8, scale=1)
    measured, pictures = evaluate(parts, options)
    save_grid(pictures[:72], options.out / 'grid.png', columns=12, scale=1)
    save_grid(pictures, HOME / 'evaluation' / f'subjects-{options.name}.png', columns=16, scale=1)
    (options.out / f'evaluation-{options.name}.md').write_text(to_markdown(options.name, measured))
    (options.out / f'evaluation-{options.name}.json').write_text(json.dumps(measured, indent=1) + '\n')
    print(to_markdown(options.name, measured))


if __name__ == '__main__':
    main()
