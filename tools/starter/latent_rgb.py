"""Writes gesso.json into a starter model: what the app needs beside the diffusers files.

    python tools/starter/latent_rgb.py [--model tools/starter/model] [--subjects tools/starter/subjects-v2.json]

`subjects` are the canonical names the model was trained on, `other_names` what else captions called them. `latent_rgb_factors` and `latent_rgb_bias` are the linear map
from one latent cell (as it leaves the U-Net, that is times scaling_factor) to the mean colour of its block of decoded
pixels, RGB in -1..1: the cheap live preview. They are found by least squares over the model's own pictures; R^2 is
measured on pictures of another seed.
"""

import argparse
import json
from pathlib import Path

import torch

from components import SHIPPED, decode, load_components, sample_ddim

HERE = Path(__file__).resolve().parent


def canonical_names(subjects: dict) -> list[str]:
    return [subject['names'][0] for subject in subjects['subjects']]


def other_names(subjects: dict) -> list[str]:
    return sorted({name for subject in subjects['subjects'] for name in subject['names'][1:] + subject.get('also', [])})


def prompts_of(names: list[str], background: bool) -> list[str]:
    colours = ('white', 'red', 'green', 'blue', 'yellow', 'orange', 'purple', 'pink', 'black', 'grey', 'light blue')
    end = lambda k: f' on a {colours[k % len(colours)]} background' if background else ''
    return [name + end(k) for k, name in enumerate(names)]


def cells(parts, names: list[str], seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """([n, channels + 1] latent cells with a 1 appended, [n, 3] mean colours of their pixel blocks)."""
    prompts = prompts_of(names, False) + prompts_of(names, True)
    latents = sample_ddim(parts, prompts, seed=seed)
    pictures = decode(parts, latents).clamp(-1, 1)
    block = pictures.shape[-1] // latents.shape[-1]
    means = torch.nn.functional.avg_pool2d(pictures, block)
    flat = lambda x: x.permute(0, 2, 3, 1).reshape(-1, x.shape[1]).double()
    x = flat(latents)
    return torch.cat([x, torch.ones(len(x), 1)], 1), flat(means)


def fit(parts, names: list[str]) -> tuple[torch.Tensor, float]:
    """([channels + 1, 3] weights, R^2 on pictures of another seed)."""
    x, y = cells(parts, names, seed=1)
    weights = torch.linalg.lstsq(x, y).solution
    x, y = cells(parts, names, seed=2)
    r2 = 1 - (x @ weights - y).pow(2).sum() / (y - y.mean(0)).pow(2).sum()
    return weights, r2.item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', type=Path, default=SHIPPED)
    parser.add_argument('--subjects', type=Path, default=HERE / 'subjects-v2.json')
    options = parser.parse_args()
    torch.set_num_threads(1)
    listed = json.loads(options.subjects.read_text())
    names = canonical_names(listed)
    weights, r2 = fit(load_components(options.model), names)
    rounded = [[round(value, 6) for value in row] for row in weights.tolist()]
    lines = ',\n    '.join(json.dumps(row) for row in rounded[:-1])
    text = (
        f'{{\n  "subjects": {json.dumps(names)},\n  "other_names": {json.dumps(other_names(listed))},\n  "latent_rgb_factors": [\n    {lines}\n  ],\n'
        f'  "latent_rgb_bias": {json.dumps(rounded[-1])}\n}}\n'
    )
    (options.model / 'gesso.json').write_text(text)
    print(f'{len(names)} subjects; latent to RGB: R^2 {r2:.4f} on pictures of another seed')


if __name__ == '__main__':
    main()
