"""Trains text encoder and U-Net on a CUDA GPU that is there for minutes only, by the clock.

    python tools/starter/train_on_gpu.py --run v2 --subjects v2 --seconds 240 --out FOLDER   # there
    python tools/starter/train_on_gpu.py --run v2 --join FOLDER                              # here: then export.py and so on

Processes draw captions and scenes (drawers.py); the GPU paints and encodes them into a pool from which batches are drawn
(pool.py), and replays whole steps as a CUDA graph (learner.py), or runs them one by one where that fails. Learning rates rise
and fall by the clock. Averaged weights go to FOLDER in parts (parts.py) every --save-seconds, at the end, and on SIGTERM.
`carry.py bundle` packs all that it needs. `--device cpu` does the same slowly, to try it.
"""

import argparse
import math
import os
import time
import traceback
from functools import partial
from pathlib import Path
from statistics import median

BEGUN = time.time()

import numpy as np
import torch

from codes import MOST_ROWS, CodeBook
from components import SHIPPED
from configs import LATENT_CHANNELS, PIXELS, TOKENS, UNET, WIDTH
from drawers import Drawers
from home import RUNS, load_subjects
from learner import Ahead, Learner, captured, half_of
from parts import SLOTS, join, save_text_encoder, save_unet
from patches import PatchCoder
from pool import Pool
from scene import Artwork, Painter
from train_diffusion import new_unet, noise_levels
from train_text import FULL, code_error, new_encoder, understood
from training import Stop, by_the_clock, device_of, half_where_fast, load_checkpoint

LAST = 4.0  # seconds kept for saving at the end
WORSE = 1.5  # times the best mean loss: then the run goes back to where it was good, at half the rate


def say(*words: object) -> None:
    print(f'{time.time() - BEGUN:6.1f} s ', *words, flush=True)


class Progress:
    """Means and speeds since the last report, one every `every` seconds."""

    def __init__(self, every: float):
        self.every, self.at, self.steps, self.whole = every, time.time(), 0, 0

    def step(self) -> bool:
        """Counts one; whether a report is due."""
        self.steps += 1
        self.whole += 1
        return time.time() - self.at >= self.every

    def take(self, learner: Learner) -> tuple[float, float]:
        """(mean loss, steps per second); waits for the device."""
        mean, speed = learner.take_losses() / self.steps, self.steps / (time.time() - self.at)
        self.at, self.steps = time.time(), 0
        return mean, speed


class Text:
    """The text encoder's stage: most steps on the few positions that captions fit into, some on all."""

    def __init__(self, options, drawers: Drawers, book: CodeBook, device: str):
        self.options, self.drawers, self.book, self.device = options, drawers, book, device
        self.short = drawers.type['ids'].shape[0]
        self.generator = torch.Generator(device).manual_seed(1)
        self.causal = torch.ones(1, 1, TOKENS, TOKENS, dtype=torch.bool, device=device).tril()
        self.pool = Pool(options.text_pool, device, ids=((TOKENS,), torch.int16), rows=((MOST_ROWS,), torch.int16))

    def take(self) -> None:
        while (records := Drawers.next(self.drawers.captions)) is not None:
            self.pool.add(**{name: torch.from_numpy(records[name].copy()).to(self.device) for name in ('ids', 'rows')})

    def batch(self, count: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        drawn = self.pool.draw(count, self.generator)
        ids = drawn['ids'][:, :length].long()
        ids[:, -1] = drawn['ids'][:, -1]  # the end of text, where a caption was cut
        return ids, self.book.codes(drawn['rows'].long())

    def steps(self) -> tuple[Learner, tuple]:
        """(learner, its steps on few and on all positions)."""
        learner = Learner(new_encoder(RUNS / self.options.run).train(), self.device, rate=0.0, weight_decay=1e-3, decay=0.995)

        def step(count: int, length: int) -> None:
            # A ready mask: transformers would make one in a way that a graph cannot hold.
            mask = self.causal[:, :, :length, :length]
            encoder = partial(learner.network, attention_mask=mask)
            learner.learn(code_error(encoder, *self.batch(count, length)))

        count = self.options.text_batch
        return learner, (partial(step, count, self.short), partial(step, count // 2, TOKENS))

    def quickest(self) -> tuple[Learner, tuple]:
        if self.device.startswith('cuda') and not self.options.eager:
            try:
                learner, steps = self.steps()
                steps = tuple(captured(step, self.generator) for step in steps)
                if math.isfinite(learner.take_losses()):
                    return learner, steps
            except Exception:
                traceback.print_exc()
            say('text: no graph')
            self.generator = torch.Generator(self.device).manual_seed(1)
        return self.steps()

    def train(self, seconds: float, stop: Stop) -> Learner:
        learner, (short, full) = self.quickest()
        begun, ahead, progress = time.time(), Ahead(self.device), Progress(5)
        while (spent := time.time() - begun) < seconds and not stop:
            self.take()
            learner.rate.fill_(self.options.text_rate * by_the_clock(spent, seconds, warm=0.05, cool=0.7))
            (short if progress.whole % round(1 / FULL) else full)()
            ahead.step()
            if progress.step():
                mean, speed = progress.take(learner)
                say(f'text: loss {mean:.4f}, {speed:.0f} steps/s, {progress.whole} steps, {self.pool.added} captions drawn')
        return learner

    @torch.no_grad()
    def errors(self, encoder, subjects: list[dict], tokenizer) -> tuple[float, float]:
        """(code error, share of names not understood)."""
        kept, self.generator = self.generator, torch.Generator(self.device).manual_seed(2)
        errors = [code_error(encoder, *self.batch(self.options.text_batch, self.short)).item() for _ in range(4)]
        self.generator = kept
        return sum(errors) / len(errors), 1 - understood(encoder, tokenizer, self.book, subjects, self.device)


def train_text(options, drawers: Drawers, book: CodeBook, device: str, subjects: list[dict], stop: Stop):
    """The encoder to go on with: the one trained here if it is better than the one it started from."""
    from transformers import CLIPTokenizer

    folder = RUNS / options.run
    encoder = new_encoder(folder).to(device).eval().requires_grad_(False)
    if options.text_seconds <= 0:
        return encoder
    try:
        stage = Text(options, drawers, book, device)
        stage.take()
        while len(stage.pool) < options.text_first and not stop:
            drawers.check()
            time.sleep(0.05)
            stage.take()
        tokenizer = CLIPTokenizer.from_pretrained(folder / 'tokenizer')
        before = stage.errors(encoder, subjects, tokenizer)
        say(f'text: code error {before[0]:.4f}, names not understood {before[1]:.3f}; training')
        learner = stage.train(options.text_seconds, stop)
        trained = new_encoder(folder).to(device).eval().requires_grad_(False)
        trained.load_state_dict(learner.averaged())
        after = stage.errors(trained, subjects, tokenizer)
        say(f'text: code error {after[0]:.4f}, names not understood {after[1]:.3f}')
        if not after[0] < before[0] or after[1] > before[1] + 0.002:
            say('text: no better, so the one carried here is kept')
            return encoder
        save_text_encoder(options.out, trained.state_dict())
        return trained
    except Exception:
        traceback.print_exc()
        say('text: failed, so the one carried here is kept')
        return encoder


class Samples:
    """Paints and encodes what the drawers send into the pool."""

    def __init__(self, options, drawers: Drawers, encoder, device: str):
        self.drawers, self.encoder, self.device = drawers, encoder, device
        state = load_checkpoint(RUNS / options.run / 'autoencoder.pt')
        self.coder = PatchCoder(state['matrix'], state['bias']).to(device)
        self.painter = Painter(Artwork.load(options.subjects), device)
        self.short = drawers.type['ids'].shape[0]
        text = dict(text=((self.short, WIDTH), half_of(device)))
        self.pool = Pool(options.pool, device, **self.columns(), **text)

    def columns(self) -> dict:
        return dict(latents=((LATENT_CHANNELS, UNET['sample_size'], UNET['sample_size']), torch.float16))

    def made(self, layout: np.ndarray) -> dict[str, torch.Tensor]:
        """The columns of scenes."""
        return dict(latents=self.coder.encode(self.painter.paint_layout(layout)))

    @torch.no_grad()
    def take(self) -> bool:
        """Adds one chunk, if there is one."""
        if self.painter.drawings is None and self.drawers.backdrops is not None:
            drawings = torch.from_numpy(self.drawers.backdrops.copy()).view(-1, 3, PIXELS, PIXELS)
            self.painter.drawings = drawings.to(self.device)
        records = Drawers.next(self.drawers.examples)
        if records is None:
            return False
        columns = self.made(records['layout'])
        ids = torch.from_numpy(records['ids'].copy()).to(self.device).long()
        with half_where_fast(self.device):
            text = self.encoder(ids).last_hidden_state
        self.pool.add(**columns, text=text)
        return True


class Denoising:
    """The U-Net's step over the pool, as train_diffusion.py's."""

    def __init__(self, options, samples: Samples, device: str, layout: torch.memory_format):
        self.batch, self.pool, self.device = options.batch, samples.pool, device
        self.learner = Learner(self.network(options, layout), device, rate=0.0, weight_decay=1e-2, decay=0.999, layout=layout)
        self.signal, self.noise = (levels.to(device, torch.float32) for levels in noise_levels())
        self.order = torch.arange(self.batch, device=device)
        self.later = TOKENS - samples.short
        self.generator = torch.Generator(device).manual_seed(time.time_ns() % 2**31)

    def network(self, options, layout: torch.memory_format) -> torch.nn.Module:
        """What is trained."""
        return new_unet(options.start).train()

    def draw(self, make, *shape: int) -> torch.Tensor:
        return make(*shape, generator=self.generator, device=self.device)

    def timesteps(self) -> torch.Tensor:
        """One from each of `batch` equal ranges; the samples come in no order."""
        return ((self.order + self.draw(torch.rand, self.batch)) / self.batch * 1000).long().clamp_max(999)

    def made(self, noisy: torch.Tensor, t: torch.Tensor, text: torch.Tensor, drawn: dict) -> torch.Tensor:
        return self.learner.network(noisy, t, text).sample

    def step(self) -> None:
        drawn = self.pool.draw(self.batch, self.generator)
        x, text = drawn['latents'].float(), drawn['text']
        text = torch.cat([text, text[:, -1:].expand(-1, self.later, -1)], 1)
        t = self.timesteps()
        eps = self.draw(torch.randn, *x.shape)
        signal, noise = self.signal[t].view(-1, 1, 1, 1), self.noise[t].view(-1, 1, 1, 1)
        half = half_of(self.device)
        made = self.made((signal * x + noise * eps).to(half), t, text.to(half), drawn)
        self.learner.learn((made.float() - (signal * eps - noise * x)).pow(2).mean())


def quickest(options, samples: Samples, device: str, kind: type[Denoising]):
    """(seconds, what trains, its step): as a graph, in the memory layout that is faster here; step by step where none can be made."""
    found = []
    if device.startswith('cuda') and not options.eager:
        for layout in (torch.channels_last, torch.contiguous_format):
            try:
                denoising = kind(options, samples, device, layout)
                replay = captured(denoising.step, denoising.generator)
                begun = time.time()
                for _ in range(40):
                    replay()
                torch.cuda.synchronize()
                found.append(((time.time() - begun) / 40, denoising, replay))
                say(f'{layout}: {found[-1][0] * 1000:.2f} ms a step of {options.batch} as a graph')
            except Exception:
                traceback.print_exc()
                say(f'{layout}: no graph')
    found = [one for one in found if math.isfinite(one[1].learner.take_losses())]
    if found:
        return min(found, key=lambda one: one[0])
    say('steps one by one')
    denoising = kind(options, samples, device, torch.contiguous_format)
    return 0.0, denoising, denoising.step


def fill(options, samples: Samples, device: str, stop: Stop) -> float:
    """Takes the samples to start with; returns the seconds that painting a chunk costs."""
    spent = []
    while len(samples.pool) < options.first and not stop:
        begun = time.time()
        if samples.take():
            if device.startswith('cuda'):
                torch.cuda.synchronize()
            spent.append(time.time() - begun)
        else:
            samples.drawers.check()
            time.sleep(0.02)
    return median(spent) if spent else 0.0


def train(options, samples: Samples, device: str, until: float, stop: Stop, kind: type[Denoising] = Denoising, keep=save_unet) -> None:
    """By the clock; `keep` is given what save_unet is."""
    painting = fill(options, samples, device, stop)
    seconds, denoising, step = quickest(options, samples, device, kind)
    learner, pool, chunk = denoising.learner, samples.pool, options.chunk
    reuse = options.reuse
    if seconds:
        reuse = max(reuse, painting / (options.painting * seconds / options.batch) / chunk)
    say(f'{len(pool)} samples in the pool; painting {chunk} takes {painting * 1000:.0f} ms: each is used {reuse:.1f} times at least')
    begun = saved = time.time()
    ahead, progress, rate, best, due, slot, before = Ahead(device), Progress(options.report), options.rate, math.inf, 0, 0, pool.added
    say(f'training: {until - begun:.0f} s from here')

    def save(loss: float) -> None:
        nonlocal slot
        state = dict(seen=progress.whole * options.batch, steps=progress.whole, drawn=pool.added, loss=loss)
        keep(options.out, SLOTS[slot % 2], learner.averaged(), state)
        slot += 1

    mean = math.inf
    while (now := time.time()) < until and not stop:
        learner.rate.fill_(rate * by_the_clock(now - begun, until - begun))
        step()
        ahead.step()
        due += options.batch
        if due >= reuse * chunk and samples.take():
            due = min(due - reuse * chunk, 2 * reuse * chunk)
        if not progress.step():
            continue
        mean, speed = progress.take(learner)
        fresh, before = pool.added - before, pool.added
        used = speed * options.batch * options.report
        say(f'loss {mean:.4f}  {speed:.1f} steps/s  {speed * options.batch:.0f} samples/s, each used {used / max(1, fresh):.1f} times; pool {len(pool)}, '
            f'{len(samples.drawers.examples)} chunks wait; rate {learner.rate.item():.1e}; {until - time.time():.0f} s left')  # fmt: skip
        if not mean < WORSE * best:
            rate /= 2
            learner.go_back()
            say(f'that is too bad: back to the best weights, at a rate of {rate:.1e}')
            continue
        best = min(best, mean)
        learner.remember()
        if time.time() - saved > options.save_seconds:
            save(mean)
            saved = time.time()
    if progress.steps:
        mean, _ = progress.take(learner)
    if not mean < WORSE * best:
        learner.go_back()
    save(mean)
    say(f'{progress.whole} steps, {progress.whole * options.batch} samples, {pool.added} of them drawn; loss {mean:.4f}; saved')


def add_clock_options(parser: argparse.ArgumentParser, run: str, seconds: float, rate: float, first: int, painting: float) -> None:
    """What every training by the clock is asked with; the values are defaults."""
    parser.add_argument('--run', default=run)
    parser.add_argument('--subjects', default='v2')
    parser.add_argument('--out', type=Path, help='folder for what is made')
    parser.add_argument('--seconds', type=float, default=seconds, help='in all, from the start of this script')
    parser.add_argument('--until', type=float, help='or the second since 1970 when it must have ended')
    parser.add_argument('--batch', type=int, default=512)
    parser.add_argument('--rate', type=float, default=rate)
    parser.add_argument('--pool', type=int, default=1 << 18)
    parser.add_argument('--first', type=int, default=first, help='samples to start with')
    parser.add_argument('--reuse', type=float, default=3, help='how often a sample is used at least, other noise each time')
    parser.add_argument('--painting', type=float, default=painting, help='of the time that the steps take, at most')
    parser.add_argument('--chunk', type=int, default=2048, help='samples that are drawn and painted at once')
    parser.add_argument('--workers', type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument('--save-seconds', type=float, default=40)
    parser.add_argument('--report', type=float, default=10, help='seconds between two lines of the log')
    parser.add_argument('--eager', action='store_true', help='no CUDA graph')
    parser.add_argument('--device', default='auto')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--from', dest='start', type=Path, default=SHIPPED, help='model whose U-Net it starts from')
    parser.add_argument('--join', type=Path, help='make the checkpoints of the files in this folder, and nothing else')
    parser.add_argument('--text-seconds', type=float, default=32, help='of them for the text encoder; 0: none')
    parser.add_argument('--text-batch', type=int, default=512)
    parser.add_argument('--text-rate', type=float, default=1.5e-3)
    parser.add_argument('--text-pool', type=int, default=1 << 20)
    parser.add_argument('--text-chunks', type=int, default=32, help='chunks of captions that each process draws first')
    parser.add_argument('--text-first', type=int, default=50_000, help='captions to start with')
    add_clock_options(parser, run='v2', seconds=240, rate=1.2e-3, first=100_000, painting=0.12)
    options = parser.parse_args()
    if options.join:
        print(join(options.join, options.run))
        return
    torch.set_num_threads(1)
    until = (options.until or BEGUN + options.seconds) - LAST
    options.out.mkdir(parents=True, exist_ok=True)
    book, subjects = (kind(options.subjects) for kind in (book_of, lambda version: load_subjects(version)['subjects']))
    drawers = Drawers(
        options.workers, options.subjects, RUNS / options.run / 'tokenizer', book, options.chunk, options.text_chunks * (options.text_seconds > 0)
    )  # before anything touches CUDA
    from diffusers import UNet2DConditionModel  # noqa: F401: takes seconds, while the first captions are drawn
    from transformers import CLIPTextModel  # noqa: F401

    stop, device = Stop(), device_of(options.device)
    say(f'{options.workers} processes draw; torch {torch.__version__} on {device}; {until - time.time():.0f} s left')
    torch.backends.cuda.enable_cudnn_sdp(False)  # it would compile a kernel for each shape
    torch.backends.cudnn.allow_tf32 = False  # latents are encoded by a convolution; the networks are in bfloat16
    encoder = train_text(options, drawers, book_of(options.subjects, device), device, subjects, stop)
    samples = Samples(options, drawers, encoder, device)
    train(options, samples, device, until, stop)
    drawers.end()


def book_of(version: str, device: str = 'cpu') -> CodeBook:
    return CodeBook(len(load_subjects(version)['subjects']), device)


if __name__ == '__main__':
    main()
