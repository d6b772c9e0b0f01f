"""Trains the starter's ControlNet for drawn hints: strokes of a shape and "a cat" become a cat of that shape.

    python tools/starter/train_control.py [--run control] [--samples N] [--cool N]

An ordinary ControlNetModel of diffusers without attention (as SDXL's small ones), 1,988,624 numbers, whose layers start as the U-Net's.
The starter itself stays as it is. Trains at a constant rate, without end if no --samples are given, and resumes
HOME/runs/<run>/control.pt; --cool goes on with a copy, control-cooled.pt, while the rate falls. Both write HOME/export/<run>
(config.json, float16 weights) when they end. One thread: 30 to 100 samples a second.

Two things make it learn within an hour what it did not in 32,000 samples without them. The small network that reads the hint first
learns by itself to hand on the strokes, so that what the U-Net's copy is shown means something from the first step on (ControlNet
begins with zeros there, and torch's initial weights let eight layers of SiLU end in nothing). And half of the steps are drawn from the noisiest third, where shapes are decided.
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from add_on_training import Frozen, batches
from configs import UNET
from hints import as_condition, hints_of
from home import HOME, RUNS
from pools import PoolOf, make_pool
from train_diffusion import spread_timesteps
from training import Average, Meter, Stop, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay

ROUNDS = 6  # how often a pool's pictures are used before others are drawn
HINT_CHANNELS = (8, 16, 24, 32, 48)  # each halves the picture but the first: 16 pixels become a cell
READING = 8_192  # samples from which the hint's reader learns before all else
NOISY = 650  # the first step of the noisiest third


def new_control(unet):
    from diffusers import ControlNetModel

    control = ControlNetModel(
        in_channels=UNET['in_channels'],
        conditioning_channels=3,
        down_block_types=('DownBlock2D', 'DownBlock2D'),
        mid_block_type='UNetMidBlock2D',
        block_out_channels=UNET['block_out_channels'],
        layers_per_block=UNET['layers_per_block'],
        cross_attention_dim=UNET['cross_attention_dim'],
        attention_head_dim=UNET['attention_head_dim'],
        norm_num_groups=UNET['norm_num_groups'],
        conditioning_embedding_out_channels=HINT_CHANNELS,
    )
    theirs = unet.state_dict()
    same = {key: theirs[key] for key in control.state_dict() if key in theirs}
    control.load_state_dict(same, strict=False)
    return control


def controlled(frozen: Frozen, control, latents, text, hints) -> torch.Tensor:
    """The loss of the U-Net with what the ControlNet adds."""
    add = lambda x, t: control(x, t, text, as_condition(hints), return_dict=False)
    return frozen.loss(latents, text, control=add, t=noisy_timesteps(len(latents)))


def strokes_of(hints: torch.Tensor) -> torch.Tensor:
    """[n, 64, 8, 8]: of each cell of 16 by 16 pixels its strokes at half the size."""
    return F.pixel_unshuffle(F.avg_pool2d(hints.float() / 255, 2), 8)


def taught_to_read(control, pool: dict, size: int) -> None:
    """The reader of hints learns to hand on strokes, read by a matrix that is then dropped; its output gets the scale of conv_in's."""
    reader = control.controlnet_cond_embedding
    for layer in reader.modules():
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.normal_(layer.weight, 0, 1.68 / (layer.in_channels * 9) ** 0.5)
            torch.nn.init.zeros_(layer.bias)
    guess = torch.nn.Conv2d(reader.conv_out.out_channels, 64, 1).to(control.device)
    optimizer = torch.optim.AdamW([*reader.parameters(), *guess.parameters()], 2e-3, foreach=True)
    chosen = batches(len(pool['hints']), size)
    for step in range(READING // size):
        hints = pool['hints'][next(chosen)]
        strokes = strokes_of(hints)
        loss = (guess(reader(as_condition(hints))) - strokes).pow(2).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if step % 32 == 0:
            print(f'reading hints: {loss.item():.4f} of {strokes.var(0).mean().item():.4f}', flush=True)
    with torch.no_grad():
        latents = torch.randn(size, *pool['latents'].shape[1:], device=control.device)
        scale = control.conv_in(latents).std() / reader(as_condition(pool['hints'][:size])).std()
        reader.conv_out.weight.mul_(scale)
        reader.conv_out.bias.mul_(scale)


def noisy_timesteps(count: int) -> torch.Tensor:
    """Half of them evenly over all, half over the noisiest third."""
    own = spread_timesteps(count)
    return torch.where(torch.rand(count) < 0.5, own, NOISY + own * (1000 - NOISY) // 1000)


class Pools:
    """Pools one after the other: each is used ROUNDS times, then the next one is drawn. The last one is kept on disk."""

    def __init__(self, name: str, count: int, frozen: Frozen, index: int):
        self.of, self.frozen, self.index = PoolOf(name, count, hint=hints_of), frozen, index

    @property
    def path(self) -> Path:
        return HOME / 'pools' / f'{self.of.name}-{self.index}.pt'

    def pool(self) -> dict:
        return load_checkpoint(self.path) or make_pool(self.path, self.of, self.frozen.coder, 1000 + self.index)

    def batches(self, size: int):
        while True:
            path, pool = self.path, self.pool()
            whole = batches(len(pool['texts']), size)
            for _ in range(ROUNDS * (len(pool['texts']) // size)):
                chosen = next(whole)
                yield pool['latents'][chosen].float(), [pool['texts'][k] for k in chosen], pool['hints'][chosen]
            path.unlink()
            self.index += 1


def export(control, average: Average, out: Path) -> Path:
    average.swap()
    kept = {key: value.detach().clone() for key, value in control.state_dict().items()}
    control.half().save_pretrained(out)
    control.float().load_state_dict(kept)
    average.swap()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--run', default='control')
    parser.add_argument('--samples', type=int)
    parser.add_argument('--cool', type=int, default=0)
    parser.add_argument('--pool', type=int, default=8192)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--rate', type=float, default=1e-3)
    parser.add_argument('--minutes', type=float)
    options = parser.parse_args()
    one_thread()
    frozen = Frozen()
    control = new_control(frozen.parts.unet)
    parameters = list(control.parameters())
    optimizer = torch.optim.AdamW(parameters, options.rate, betas=(0.9, 0.99), weight_decay=1e-2, foreach=True)
    average, seen, index, cool_from = Average(parameters, 0.998), 0, 0, None
    folder = RUNS / options.run
    path = folder / ('control-cooled.pt' if options.cool else 'control.pt')
    if state := load_checkpoint(path) or load_checkpoint(folder / 'control.pt'):
        control.load_state_dict(state['control'])
        optimizer.load_state_dict(state['optimizer'])
        average.load(state['average'])
        seen, index, cool_from = state['seen'], state['index'], state.get('cool_from')
    pools = Pools(options.run, options.pool, frozen, index)
    if not state:
        taught_to_read(control, pools.pool(), options.batch)
        average = Average(parameters, 0.998)
    if options.cool and cool_from is None:
        cool_from = seen
    last = cool_from + options.cool if options.cool else options.samples

    def save() -> None:
        parts = dict(control=control.state_dict(), optimizer=optimizer.state_dict(), average=average.state())
        save_checkpoint(path, parts | dict(seen=seen, index=pools.index, cool_from=cool_from))

    stop, meter, saved = Stop(options.minutes), Meter(60), time.time()
    print(f'{seen} samples seen', flush=True)
    for latents, texts, hints in pools.batches(options.batch):
        if stop or (last is not None and seen >= last):
            break
        loss = controlled(frozen, control, latents, frozen.text(texts), hints)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        factor = warm_stable_decay(seen, start=0, warm=4000, cool_from=cool_from, cool=options.cool)
        for group in optimizer.param_groups:
            group['lr'] = options.rate * factor
        optimizer.step()
        average.update()
        seen += len(texts)
        meter.add(loss.item(), len(texts), f'{seen} seen')
        if time.time() - saved > 120:
            save()
            saved = time.time()
    save()
    print(f'{seen} samples seen; {export(control, average, HOME / "export" / options.run)}', flush=True)


if __name__ == '__main__':
    main()
