"""A small network that names the subject of a picture; trained on real artwork alone, so it can judge generated pictures.

It sees every style, moved, small, recoloured and on any background, so that only the subject counts. Cached in
HOME/runs/classifier-<version>.pt.
"""

import random

import torch
import torch.nn as nn
import torch.nn.functional as F

from home import RUNS
from scene import Artwork, Painter, draw_scene
from training import Meter, half_where_fast, load_checkpoint, save_checkpoint

SAMPLES, BATCH = 160_000, 64
PIXELS = 64  # it judges pictures of every version at version 0's size, so their figures compare


def new_classifier(classes: int) -> nn.Sequential:
    layers, channels = [], 3
    for width in (32, 64, 128, 192):
        layers += [nn.Conv2d(channels, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3), nn.Linear(channels * 16, classes))


def every_picture(art: Artwork) -> Artwork:
    """All pictures, those held out from the generator too: the judge must know them."""
    judge = Artwork(art.pictures, art.records, art.originals())
    for row, record in enumerate(art.records):
        if 'source' in record:
            judge.variants.setdefault(record['source'], []).append(row)
    return judge


def single_scenes(art: Artwork, rng: random.Random, count: int) -> list:
    scenes = []
    while len(scenes) < count:
        scene = draw_scene(art, rng)
        if len(scene.things) == 1:
            scenes.append(scene)
    return scenes


def soften(x: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """Half of the time blurred by halving and doubling, and a little noise: generated pictures are softer than artwork."""
    if rng.random() < 0.5:
        x = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode='bilinear')
    return x + torch.randn_like(x) * 0.04


def train_classifier(art: Artwork, painter: Painter, classes: int) -> nn.Sequential:
    torch.manual_seed(0)
    judge, rng, network, meter = every_picture(art), random.Random(0), new_classifier(classes), Meter(60)
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2, foreach=True)
    steps = SAMPLES // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, steps, pct_start=0.1)
    for step in range(steps):
        scenes = single_scenes(judge, rng, BATCH)
        wanted = torch.tensor([art.records[scene.things[0].row]['subject'] for scene in scenes])
        with half_where_fast('cpu'):
            out = network(soften(painter.paint(scenes), rng))
        loss = F.cross_entropy(out.float(), wanted, label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        meter.add(loss.item(), BATCH, f'classifier step {step} of {steps}')
    return network.eval()


def load_classifier(art: Artwork, classes: int, version: str) -> nn.Sequential:
    path = RUNS / f'classifier-{version}.pt'
    network = new_classifier(classes).eval()
    if state := load_checkpoint(path):
        network.load_state_dict(state)
        return network
    network = train_classifier(art, Painter(art, pixels=PIXELS), classes)
    save_checkpoint(path, network.state_dict())
    return network


def judged(pictures: torch.Tensor) -> torch.Tensor:
    """[n, 3, 64, 64] of pictures in -1..1 of that size or a multiple of it, box filtered."""
    return F.avg_pool2d(pictures.clamp(-1, 1), pictures.shape[-1] // PIXELS)


@torch.no_grad()
def rank_subjects(network: nn.Sequential, pictures: torch.Tensor, among: list[int], top: int = 5) -> torch.Tensor:
    """[n, top] subject indices, best first, considering only the subjects in `among`."""
    scores = torch.cat([network(part) for part in judged(pictures).split(64)])[:, among]
    return torch.tensor(among)[scores.topk(top, 1).indices]
