"""Measures the starter's LoRA and embedding, and draws the sheet with and without and the pictures of their cards.

    python tools/starter/evaluate_add_ons.py [--folder public/models/starter-add-ons] [--out docs/starter]

Needs the artwork of data.py. The subject is judged as in evaluate.py, by the nearest artwork at 32 by 32 pixels, artwork and
picture in the look that is measured; nothing is trained to please it. 8 steps, CFG 4, fixed seeds, nothing picked.
"""

import argparse
import random
from pathlib import Path

import torch
from safetensors.torch import load_file

from add_on_files import OUT
from add_on_training import Frozen
from backdrops import Bank
from captions import with_article
from components import decode, sample_ddim, save_grid
from home import HERE, load_subjects
from looks import LOOKS
from lora import Lora
from measures import Setting, hits, nearest_subjects, pair, percent, shuffled_hits, small
from measures2 import nearest_backdrop
from scene import Artwork, Painter, Scene, Thing
from train_embedding import through

SHEET = ('a cat', 'a red car', 'a house', 'a rocket', 'an umbrella', 'a mushroom', 'two apples', 'a cat and a dog')
LORA, EMBEDDING = 'starter-ink', 'starter-night'


class Word:
    """The embedding in the place of a word: `token` in prompts."""

    def __init__(self, encoder, tokenizer, vectors: torch.Tensor):
        self.encoder, self.vectors = encoder, vectors
        self.name = tokenizer(f'{EMBEDDING}', add_special_tokens=False).input_ids

    def __call__(self, ids: torch.Tensor):
        from types import SimpleNamespace

        table, rows = self.encoder.get_input_embeddings(), []
        for row in ids.tolist():
            found = next((k for k in range(len(row)) if row[k : k + len(self.name)] == self.name), None)
            vectors = table.weight[row]
            if found is not None:
                rest = vectors[found + len(self.name) :]
                vectors = torch.cat([vectors[:found], self.vectors, rest, rest[-1:].expand(len(row), -1)])[: len(row)]
            rows.append(vectors)
        return SimpleNamespace(last_hidden_state=through(self.encoder, torch.stack(rows)))

    @property
    def config(self):
        return self.encoder.config


def ink_share(pictures: torch.Tensor) -> torch.Tensor:
    """[n]: share of the pixels that are ink or paper: without colour (channels within 12 % of the range), and dark or light."""
    colourless = pictures.amax(1) - pictures.amin(1) < 0.24
    lightness = pictures.mean(1)
    return (colourless & ((lightness > 0.7) | (lightness < -0.5))).float().mean((1, 2))


def is_night(pictures: torch.Tensor) -> torch.Tensor:
    """[n]: of all scenes' drawings the night sky's are the nearest at the sides."""
    return torch.tensor([name == 'night sky' for name in nearest_backdrop(pictures, Bank(24))])


def in_ink(setting: Setting) -> torch.Tensor:
    return LOOKS['ink'](setting.references)


def in_night(setting: Setting) -> torch.Tensor:
    """The artwork as scenes at the bottom are composed."""
    y, size = 0.53, 0.52
    return setting.painter.paint([Scene([Thing(row, None, 0, y, size)], 'night sky') for row in setting.rows])


def measure(frozen: Frozen, make, strengths: tuple, told, in_look, count: int, seed: int = 7) -> list[str]:
    """Rows of a table. `make(prompts, seed, strength)` paints, `told` says of each picture how much it has the look."""
    art, listed = Artwork.load('v2'), load_subjects('v2')
    setting = Setting(frozen.parts, listed, art, Painter(art), None, listed['subjects'])
    plain, looking = setting.references, in_look(setting)
    chosen = random.Random(21).sample(setting.subjects, count)
    prompts = [with_article(setting.names[k]) for k in chosen]
    share = lambda pictures: percent(told(pictures).float().mean().item())
    both = small(torch.cat([looking, plain]))
    styled = lambda pictures: percent((torch.cdist(small(pictures), both).argmin(1) < len(looking)).float().mean().item())
    rows = []
    for strength in strengths:
        made, judged = make(prompts, seed, strength), []
        for references in (looking, plain):
            setting.references = references
            near = nearest_subjects(setting, made)
            judged.append(f'{pair(hits(near, chosen))} | {pair(shuffled_hits(near, chosen))}')
        rows.append(f'| {strength} | {share(made)} | {styled(made)} | {" | ".join(judged)} |')
    coded = decode(frozen.parts, frozen.coder.encode(looking[::8])).clamp(-1, 1)
    rows.append(f'| artwork in the look | {share(looking)}, through the autoencoder {share(coded)} | through it {styled(coded)} | | | | |')
    rows.append(f'| artwork as it is | {share(plain)} | 0 % | | | | |')
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--folder', type=Path, default=OUT)
    parser.add_argument('--out', type=Path, default=HERE.parents[1] / 'docs' / 'starter')
    parser.add_argument('--lora', default=LORA)
    parser.add_argument('--embedding', default=EMBEDDING)
    parser.add_argument('--only', choices=('lora', 'embedding'))
    parser.add_argument('--count', type=int, default=72)
    options = parser.parse_args()
    torch.set_num_threads(1)
    frozen = Frozen()
    pictures, rows = [], {}
    draw = lambda prompts, seed: decode(frozen.parts, sample_ddim(frozen.parts, prompts, seed=seed)).clamp(-1, 1)
    plain = draw(list(SHEET), 7)
    pictures.append(plain)
    with torch.no_grad():
        if options.only != 'embedding':
            lora = Lora(frozen.parts.unet, 4, 0.0)
            lora.load_tensors(load_file(options.folder / f'{options.lora}.safetensors'))

            def make(prompts, seed, strength):
                lora.strength = strength
                made = draw(prompts, seed)
                lora.strength = 0.0
                return made

            pictures += [make(list(SHEET), 7, 0.4), make(list(SHEET), 7, 0.8)]
            save_card(pictures[-1][:4], options.folder / f'{options.lora}.webp')
            rows['ink'] = measure(frozen, make, (0.0, 0.4, 0.8, 1.0), ink_share, in_ink, options.count)
        if options.only != 'lora':
            vectors = load_file(options.folder / f'{options.embedding}.safetensors')['emb_params']
            encoder = frozen.parts.text_encoder
            word = Word(encoder, frozen.parts.tokenizer, vectors)

            def said(prompts, seed, strength):
                frozen.parts.text_encoder = word if strength else encoder
                made = draw([f'{p}, {EMBEDDING}' for p in prompts] if strength else prompts, seed)
                frozen.parts.text_encoder = encoder
                return made

            pictures.append(said(list(SHEET), 7, 1.0))
            save_card(pictures[-1][:4], options.folder / f'{options.embedding}.webp')
            rows['night'] = measure(frozen, said, (0, 1), is_night, in_night, options.count)
    save_grid(torch.cat(pictures), options.out / 'add-ons.webp', len(SHEET))
    for look, table in rows.items():
        print(f'\n| {look}: strength | told by its pixels | nearest artwork is in the look | subject by artwork in the look, top-1 / top-5 | shuffled | by artwork as it is | shuffled |')
        print('| --- | --- | --- | --- | --- | --- | --- |')
        print('\n'.join(table))


def save_card(four: torch.Tensor, path: Path) -> None:
    """Two by two, for the card in the app."""
    save_grid(four, path, 2)


if __name__ == '__main__':
    main()
