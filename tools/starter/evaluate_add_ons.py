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
from captions import with_article
from components import decode, sample_ddim, save_grid
from home import HERE, load_subjects
from looks import LOOKS
from lora import Lora
from measures import Setting, hits, nearest_subjects, pair, percent, shuffled_hits
from scene import Artwork, Painter
from train_embedding import through

SHEET = ('a cat', 'a red car', 'a house', 'a rocket', 'an umbrella', 'a mushroom', 'two apples', 'a cat and a dog')
LORA, EMBEDDING = 'starter-ink', 'starter-sepia'


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


def grey_share(pictures: torch.Tensor) -> torch.Tensor:
    """[n]: share of the pixels without colour, their channels within 12 % of the range."""
    return (pictures.amax(1) - pictures.amin(1) < 0.24).float().mean((1, 2))


def is_ink(pictures: torch.Tensor) -> torch.Tensor:
    """[n]: almost no colour, and nearly all of it ink or paper: what a threshold on two statistics tells."""
    lightness = pictures.mean(1)
    ends = ((lightness > 0.7) | (lightness < -0.5)).float().mean((1, 2))
    inked = (lightness < -0.5).float().mean((1, 2))
    return (grey_share(pictures) > 0.97) & (ends > 0.8) & (inked > 0.02)


def is_sepia(pictures: torch.Tensor) -> torch.Tensor:
    """[n]: the mean picture is warm (red over green over blue by a few percent), and colours lie on that one line."""
    r, g, b = pictures.unbind(1)
    warm = ((r - b).mean((1, 2)) > 0.16) & ((r - g).mean((1, 2)) > 0.02)
    lightness = pictures.mean(1, keepdim=True).flatten(1)
    off = [(a - c).flatten(1) for a, c in ((r, g), (g, b))]
    spread = torch.stack([(x - x.mean(1, keepdim=True)).std(1) for x in off]).amax(0)
    return warm & (spread < 0.12)


def measure(frozen: Frozen, look: str, make, shown: str, told, count: int = 72, seed: int = 7) -> tuple[list[str], dict]:
    """Rows of a table, and pictures by strength. `make(prompts, seed, strength)`."""
    art = Artwork.load('v2')
    painter = Painter(art)
    listed = load_subjects('v2')
    setting = Setting(frozen.parts, listed, art, painter, None, listed['subjects'])
    plain = setting.references
    chosen = random.Random(21).sample(setting.subjects, count)
    prompts = [with_article(setting.names[k]) for k in chosen]
    rows = []
    for strength in (0.0, 0.5, 0.8, 1.0) if shown == 'LoRA' else (0.0, 1.0):
        made = make(prompts, seed, strength)
        styled = told(made).float().mean().item()
        judged = {}
        for name, references in (('this look', LOOKS[look](plain)), ('plain artwork', plain)):
            setting.references = references
            near = nearest_subjects(setting, made)
            judged[name] = f'{pair(hits(near, chosen))} (shuffled {pair(shuffled_hits(near, chosen))})'
        rows.append(f'| {strength} | {percent(styled)} | {judged["this look"]} | {judged["plain artwork"]} |')
    real = told(LOOKS[look](plain)).float().mean().item()
    round_trip = LOOKS[look](plain[:128])
    coded = decode(frozen.parts, frozen.coder.encode(round_trip)).clamp(-1, 1)
    rows.append(f'| artwork in this look, as drawn / through the autoencoder | {percent(real)} / {percent(told(coded).float().mean().item())} | | |')
    rows.append(f'| artwork as it is | {percent(told(plain).float().mean().item())} | | |')
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

            pictures += [make(list(SHEET), 7, 0.8), make(list(SHEET), 7, 1.0)]
            save_card(pictures[-1][:4], options.folder / f'{options.lora}.webp')
            rows['ink'] = measure(frozen, 'ink', make, 'LoRA', is_ink, options.count)
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
            look = options.embedding.removeprefix('starter-')
            rows[look] = measure(frozen, look, said, 'embedding', is_sepia, options.count)
    save_grid(torch.cat(pictures), options.out / 'add-ons.webp', len(SHEET))
    for look, table in rows.items():
        print(f'\n| {look}: strength | in this look | subject, judged by artwork in this look | by artwork as it is |\n| --- | --- | --- | --- |')
        print('\n'.join(table))


def save_card(four: torch.Tensor, path: Path) -> None:
    """Two by two, for the card in the app."""
    save_grid(four, path, 2)


if __name__ == '__main__':
    main()
