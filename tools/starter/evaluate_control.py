"""Measures the starter's ControlNet: does the picture keep the drawn shape, and is it still the subject?

    python tools/starter/evaluate_control.py [--folder public/models/starter-control] [--out FOLDER] [--count 72]

Without `--folder` the network is the one that ships, its weights in 8 bits as the app reads them; a folder of diffusers works as well.

Needs the artwork of data.py. Artwork of subjects drawn at random is moved, shrunk and stretched; what a person would draw of it is
the hint, its subject's name the prompt. Judged by pixels and by the nearest artwork, as in evaluate.py; nothing is trained to
please it. 8 steps, CFG 4, fixed seeds, nothing picked. With `--out` also draws the sheet of hints that were drawn by hand.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from add_on_training import Frozen
from captions import with_article
from components import Components, decode, sample_ddim, save_grid
from hints import as_condition
from home import HERE, load_subjects
from looks import blurred, steepness
from measures import Setting, hits, nearest_subjects, pair, percent, shuffled_hits
from scene import Artwork, Painter

NEAR, STEEP, STANDS_OUT = 3, 0.12, 0.24  # pixels; of an edge's steepness; of -1..1, from white
RUNS = ((0.0, 'balanced'), (1.0, 'balanced'), (1.0, 'control'), (1.4, 'control'), (2.0, 'control'))
SOFT = (0.4633, 0.5615, 0.6806, 0.825, 1.0)  # 0.825 ** (4 - k): what "ControlNet is more important" leaves of each map


class Controlled:
    """The U-Net with what a ControlNet adds, at a strength: in the place of `parts.unet`."""

    def __init__(self, unet, control):
        self.unet, self.control, self.strength, self.hints = unet, control, 1.0, None
        self.config, self.mode = unet.config, 'balanced'

    def __call__(self, x, t, text):
        if not self.strength or self.hints is None:
            return self.unet(x, t, text)
        hints = torch.cat([self.hints] * (len(x) // len(self.hints)))
        skips, middle = self.control(x, t, text, hints, conditioning_scale=self.strength, return_dict=False)
        if self.mode == 'control':  # softer above, and not where the picture is told what it is not: guidance then asks for the shape
            told = torch.arange(len(x)).view(-1, 1, 1, 1) < len(self.hints)
            skips, middle = [m * s * told for m, s in zip(skips, SOFT)], middle * told
        return self.unet(x, t, text, down_block_additional_residuals=skips, mid_block_additional_residual=middle)


def made(parts: Components, prompts: list[str], hints: torch.Tensor, strength: float, mode='balanced', seed=7, batch=24) -> torch.Tensor:
    """[n, 3, 128, 128] in -1..1."""
    noise = torch.randn((len(prompts), *parts.latent_shape), generator=torch.Generator('cpu').manual_seed(seed))
    out, parts.unet.strength, parts.unet.mode = [], strength, mode
    for start in range(0, len(prompts), batch):
        own = slice(start, start + batch)
        parts.unet.hints = as_condition(hints[own])
        out.append(sample_ddim(parts, prompts[own], seed=seed, noise=noise[own], batch=batch))
    return decode(parts, torch.cat(out)).clamp(-1, 1)


def placed(pictures: torch.Tensor, places: torch.Tensor, back=False) -> torch.Tensor:
    """Moved to (x, y), of (width, height) times its size; `back` undoes it. [n, c, h, w] and [n, 4]."""
    x, y, w, h = places.T
    zero = torch.zeros_like(x)
    rows = (w, zero, x, zero, h, y) if back else (1 / w, zero, -x / w, zero, 1 / h, -y / h)
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures, grid, mode='bilinear', align_corners=False, padding_mode='border' if back else 'zeros')


def places_of(count: int, rng: random.Random) -> torch.Tensor:
    rows = []
    for _ in range(count):
        size, stretch = rng.uniform(0.62, 0.9), rng.uniform(0.78, 1.28)
        w, h = min(1, size * stretch**0.5), min(1, size / stretch**0.5)
        rows.append((rng.uniform(-1, 1) * (1 - w), rng.uniform(-1, 1) * (1 - h), w, h))
    return torch.tensor(rows)


def scribbled(alphas: torch.Tensor) -> torch.Tensor:
    """[n, 1, h, w] uint8: the outlines of what is there, as a pen of three pixels draws them."""
    solid = (alphas > 0.5).float()
    border = solid - F.max_pool2d(-solid, 3, 1, 1).neg()
    return ((blurred(F.max_pool2d(border, 3, 1, 1), 0.6) * 1.6).clamp(0, 1) * 255).round().byte()


def edged(pictures: torch.Tensor) -> torch.Tensor:
    """[n, 1, h, w] uint8: lines where colours change."""
    steep = steepness(pictures, 1.0)
    ridge = (steep > 0.1) & (steep >= F.max_pool2d(steep, 3, 1, 1) * 0.97)
    return ((blurred(F.max_pool2d(ridge.float(), 3, 1, 1), 0.6) * 1.6).clamp(0, 1) * 255).round().byte()


def stands_out(pictures: torch.Tensor) -> torch.Tensor:
    """[n, h, w]: what is not the white background."""
    return (1 - pictures).amax(1) > STANDS_OUT


def overlap(pictures: torch.Tensor, alphas: torch.Tensor) -> float:
    """Mean over pictures of what both cover by what either covers."""
    own, wanted = stands_out(pictures), alphas[:, 0] > 0.5
    return ((own & wanted).sum((1, 2)) / (own | wanted).sum((1, 2)).clamp(min=1)).mean().item()


def followed(pictures: torch.Tensor, hints: torch.Tensor) -> float:
    """Mean share of the strokes that have an edge of the picture within NEAR pixels."""
    edge = (steepness(pictures, 0.8) > STEEP).float()
    near = F.max_pool2d(edge, 2 * NEAR + 1, 1, NEAR)
    strokes = (hints > 127).float()
    return ((near * strokes).sum((1, 2, 3)) / strokes.sum((1, 2, 3)).clamp(min=1)).mean().item()


def measure(parts: Components, setting: Setting, rows: list[int], kind: str, seed=21) -> list[str]:
    """Rows of a table, one a run."""
    art, rng = setting.art, random.Random(seed)
    places = places_of(len(rows), rng)
    layers = placed(setting.painter.large[rows].permute(0, 3, 1, 2).float() / 255, places)
    alphas = layers[:, 3:]
    hints = scribbled(alphas) if kind == 'scribble' else edged((layers[:, :3] + 1 - alphas) * 2 - 1)
    wanted = [art.records[row]['subject'] for row in rows]
    prompts = [with_article(setting.names[k]) for k in wanted]
    out = []
    for strength, mode in RUNS:
        pictures = made(parts, prompts, hints, strength, mode)
        near = nearest_subjects(setting, placed(pictures, places, back=True) if strength else pictures)
        cells = (percent(overlap(pictures, alphas)), percent(overlap(pictures, alphas.roll(1, 0))))
        cells += (percent(followed(pictures, hints)), percent(followed(pictures, hints.roll(1, 0))))
        cells += (pair(hits(near, wanted)), pair(shuffled_hits(near, wanted)))
        out.append(f'| {kind} | {f"{strength}, {mode}" if strength else "without"} | {" | ".join(cells)} |')
        print(out[-1], flush=True)
    return out


def drawn() -> tuple[list[str], torch.Tensor]:
    """What somebody draws with few strokes: (prompts, [n, 1, 128, 128])."""
    from PIL import Image, ImageDraw

    def stroke(*draws) -> torch.Tensor:
        sheet = Image.new('L', (512, 512))
        pen = ImageDraw.Draw(sheet)
        for name, at in draws:
            if name == 'line':
                pen.line(at, 255, 14, 'curve')
            else:
                getattr(pen, name)(at, outline=255, width=14)
        return torch.from_numpy(np.array(sheet.resize((128, 128), Image.BOX)))[None]

    line, ellipse, box = 'line', 'ellipse', 'rectangle'
    cat = ((ellipse, (190, 150, 330, 290)), (line, (205, 180, 205, 100, 245, 155)), (line, (275, 155, 315, 100, 315, 180)))
    cat += ((ellipse, (160, 270, 360, 460)), (line, (350, 400, 440, 360, 450, 280)))
    house = ((box, (90, 230, 422, 450)), (line, (60, 240, 256, 70, 452, 240)), (box, (220, 320, 290, 450)))
    fish = ((ellipse, (60, 170, 360, 350)), (line, (350, 260, 460, 170, 460, 350, 350, 260)))
    tree = ((box, (230, 320, 282, 470)), (ellipse, (110, 50, 402, 340)))
    car = ((line, (50, 350, 50, 270, 140, 260, 190, 180, 340, 180, 390, 260, 470, 280, 470, 350, 50, 350)),)
    car += ((ellipse, (100, 310, 180, 390)), (ellipse, (330, 310, 410, 390)))
    ball = ((ellipse, (256, 256, 470, 470)),)
    star = ((line, (256, 60, 305, 200, 450, 205, 335, 295, 375, 440, 256, 355, 137, 440, 177, 295, 62, 205, 207, 200, 256, 60)),)
    pear = ((line, (256, 70, 256, 130)), (line, (256, 130, 200, 210, 140, 320, 180, 440, 256, 460, 332, 440, 372, 320, 312, 210, 256, 130)))
    prompts = ['a cat', 'a red house', 'a blue fish', 'a tree', 'a red car', 'a football', 'a yellow star', 'a pear']
    return prompts, torch.stack([stroke(*strokes) for strokes in (cat, house, fish, tree, car, ball, star, pear)])


def widened(folder: Path, component: dict, weight: dict) -> torch.Tensor:
    """A tensor of a pack in float32. @see src/core/weights/quantise.ts: whole numbers times a scale, one a channel or one for 32 numbers"""
    def part(name: str, kind: str) -> np.ndarray:
        at = weight[name]
        return np.fromfile(folder / component['shards'][at['shard']]['file'], np.uint8)[at['offset'] :][: at['byteLength']].view(kind)

    form, shape = weight['form'], weight['shape']
    if form in ('float32', 'float16'):
        values = part('data', form).astype(np.float32)
    elif form == 'int8_channel':
        values = part('data', 'int8').astype(np.float32).reshape(shape[0], -1) * part('scales', 'float32')[:, None]
    elif form == 'nbits8':
        values = (part('data', 'uint8').astype(np.float32).reshape(-1, 32) - 128) * part('scales', 'float16').astype(np.float32)[:, None]
    else:
        raise ValueError(f'{form}: no such form')
    return torch.from_numpy(values.reshape(shape).copy())


def from_pack(folder: Path):
    from diffusers import ControlNetModel

    parts = json.loads((folder / 'pack.json').read_text())['components'].values()
    tensors = {name: widened(folder, one, weight) for one in parts for name, weight in one['weights'].items()}
    config = next(iter(parts))['config']
    known = ('transformer_layers_per_block', 'norm_num_groups', 'norm_eps', 'cross_attention_dim', 'attention_head_dim', 'in_channels',
             'use_linear_projection', 'block_out_channels', 'down_block_types', 'layers_per_block', 'mid_block_type',
             'conditioning_embedding_out_channels', 'flip_sin_to_cos', 'freq_shift')
    control = ControlNetModel(**{**{name: config[name] for name in known}, 'transformer_layers_per_block': 1})
    state = control.state_dict()
    for name in [one for one in tensors if one.startswith('transpose(concat(')]:  # matrices that the app multiplies with in one go
        own = name.removeprefix('transpose(concat(').removesuffix('))').split(', ')
        tensors.update(zip(own, tensors.pop(name).T.split([len(state[one]) for one in own])))
    control.load_state_dict(tensors)
    return control


def main() -> None:
    from diffusers import ControlNetModel

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--folder', type=Path, default=HERE.parents[1] / 'public' / 'models' / 'starter-control')
    parser.add_argument('--out', type=Path)
    parser.add_argument('--count', type=int, default=72)
    options = parser.parse_args()
    torch.set_num_threads(1)
    parts = Frozen().parts
    is_pack = (options.folder / 'pack.json').exists()
    control = from_pack(options.folder) if is_pack else ControlNetModel.from_pretrained(options.folder, dtype=torch.float32)
    control = control.eval().requires_grad_(False)
    parts.unet = Controlled(parts.unet, control)
    with torch.no_grad():
        if options.out:
            prompts, hints = drawn()
            shown = [as_condition(hints) * 2 - 1] + [made(parts, prompts, hints, *run) for run in (RUNS[0], RUNS[1], RUNS[4])]
            save_grid(torch.cat(shown), options.out / 'control.webp', len(prompts))
        art, listed = Artwork.load('v2'), load_subjects('v2')
        setting = Setting(parts, listed, art, Painter(art), None, listed['subjects'])
        chosen = random.Random(21).sample(setting.subjects, options.count)
        rows = [random.Random(row).choice([r for r in setting.rows if art.records[r]['subject'] == row]) for row in chosen]
        print('| hint | weight, mode | shape, both by either | another shape | strokes followed | others followed | subject, top-1 / top-5 | shuffled |')
        print('| --- | --- | --- | --- | --- | --- | --- | --- |')
        for kind in ('scribble', 'edges'):
            measure(parts, setting, rows, kind)


if __name__ == '__main__':
    main()
