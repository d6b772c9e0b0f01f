"""Trains the U-Net on training scenes with the finished text encoder and autoencoder's encoder.

    python tools/starter/train_diffusion.py [--run v1] [--from tools/starter/model | --fresh] [--samples N] [--processes 1]
    python tools/starter/train_diffusion.py --cool 150000

The first form trains at a constant rate, without end if no --samples are given, and can be stopped at any moment; started again it resumes
HOME/runs/<run>/diffusion.pt. The second makes what ships: a copy of that state, trained on while the rate falls to nothing
over --cool samples, in diffusion-cooled.pt (also resumed when interrupted); the first can then go on as if nothing had been.

On CPU, --processes N starts N one-thread processes that average their gradients over gloo. On CUDA one process compiles
the U-Net and --workers paint the scenes.
"""

import argparse
import itertools
import os
import random
import time
from pathlib import Path

import torch
import torch.distributed as dist

from components import SHIPPED
from configs import SCHEDULER, TOKENS, UNET
from curriculum import curriculum_of
from grow import grow_unet, is_half_as_large
from home import RUNS, load_subjects
from patches import PatchCoder
from scene import Artwork, Painter
from training import Average, Meter, Stop, device_of, half_where_fast, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay


class Examples(torch.utils.data.IterableDataset):
    """Endless batches of ([n, channels, 8, 8] latents, [n, short] token ids)."""

    def __init__(self, version: str, coder: PatchCoder, tokenizer, batch: int, seed: int):
        self.version, self.coder, self.tokenizer, self.batch, self.seed = version, coder, tokenizer, batch, seed

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed + (worker.id if worker else 0))
        art, subjects = Artwork.load(self.version), load_subjects(self.version)['subjects']
        painter, learned = Painter(art), curriculum_of(self.version, art, subjects)
        while True:
            scenes, texts = learned.examples(rng, self.batch)
            ids = self.tokenizer(
                texts, padding='max_length', max_length=learned.short, truncation=True, return_tensors='pt'
            ).input_ids
            yield self.coder.encode(painter.paint(scenes)), ids


def new_unet(start: Path | None):
    from diffusers import UNet2DConditionModel

    if start:
        unet = UNet2DConditionModel.from_pretrained(start / 'unet', dtype=torch.float32)
        return grow_unet(unet) if is_half_as_large(unet.config, UNET) else unet
    torch.manual_seed(0)
    unet = UNet2DConditionModel(**UNET)
    for name, parameter in unet.named_parameters():
        if name.startswith('conv_out') or 'proj_out' in name:
            torch.nn.init.zeros_(parameter)
    return unet


def noise_levels() -> tuple[torch.Tensor, torch.Tensor]:
    """[1000] signal and noise factors of the schedule, zero terminal signal included."""
    from diffusers import DDIMScheduler

    alphas = DDIMScheduler(**SCHEDULER).alphas_cumprod
    return alphas.sqrt(), (1 - alphas).sqrt()


def spread_timesteps(count: int) -> torch.Tensor:
    """[count] timesteps, one from each of `count` equal ranges, shuffled: less noise than independent draws."""
    return ((torch.arange(count) + torch.rand(count)) / count * 1000).long().clamp_max(999)[torch.randperm(count)]


class Trainer:
    def __init__(self, options, rank: int):
        from transformers import CLIPTextModel, CLIPTokenizer

        self.options, self.rank, self.device = options, rank, device_of(options.device)
        self.folder = RUNS / options.run
        autoencoder = load_checkpoint(self.folder / 'autoencoder.pt')
        if autoencoder is None:
            raise SystemExit(f'{self.folder}/autoencoder.pt is missing: run train_autoencoder.py first')
        coder = PatchCoder(autoencoder['matrix'], autoencoder['bias'])
        tokenizer = CLIPTokenizer.from_pretrained(self.folder / 'tokenizer')
        encoder = CLIPTextModel.from_pretrained(self.folder / 'text_encoder', dtype=torch.float32)
        self.encoder = encoder.to(self.device).eval().requires_grad_(False)
        self.unet = new_unet(None if options.fresh else options.start).to(self.device)
        self.parameters = list(self.unet.parameters())
        self.optimizer = torch.optim.AdamW(
            self.parameters, options.rate, betas=(0.9, 0.99), weight_decay=1e-2, foreach=True
        )
        self.average = Average(self.parameters, 0.999)
        self.seen, self.cool_from, self.started = 0, None, 0
        self.resume()
        self.signal, self.noise = (x.to(self.device) for x in noise_levels())
        self.forward = torch.compile(self.unet) if self.device == 'cuda' else self.unet
        examples = Examples(options.subjects, coder, tokenizer, options.batch, random.randrange(2**31) + 1000 * rank)
        loader = torch.utils.data.DataLoader(examples, batch_size=None, num_workers=options.workers)
        self.batches = iter(loader)

    def resume(self) -> None:
        main, cooled = self.folder / 'diffusion.pt', self.folder / 'diffusion-cooled.pt'
        self.path = cooled if self.options.cool else main
        state = None
        if self.options.cool:
            state = load_checkpoint(cooled, self.device)
            if state and state['seen'] >= state['cool_from'] + self.options.cool:
                state = None  # that one is finished: make a new one
        state = state or load_checkpoint(main, self.device)
        if state:
            self.unet.load_state_dict(state['unet'])
            self.optimizer.load_state_dict(state['optimizer'])
            self.average.load(state['average'])
            self.seen, self.cool_from = state['seen'], state.get('cool_from')
        elif self.options.cool:
            raise SystemExit('nothing to cool: train without --cool first')
        if self.options.cool and self.cool_from is None:
            self.cool_from = self.seen

    def save(self) -> None:
        if self.rank == 0:
            kept = dict(unet=self.unet.state_dict(), optimizer=self.optimizer.state_dict(), seen=self.seen)
            save_checkpoint(self.path, kept | dict(average=self.average.state(), cool_from=self.cool_from))

    @torch.no_grad()
    def text(self, ids: torch.Tensor) -> torch.Tensor:
        """[n, 77, width]: computed for the positions given; all later ones output the same code, so the last is repeated."""
        out = self.encoder(ids.to(self.device)).last_hidden_state
        return torch.cat([out, out[:, -1:].expand(-1, TOKENS - out.shape[1], -1)], 1)

    def step(self) -> float:
        x, ids = next(self.batches)
        x = x.to(self.device)
        t = spread_timesteps(len(x)).to(self.device)
        eps = torch.randn_like(x)
        signal, noise = self.signal[t].view(-1, 1, 1, 1), self.noise[t].view(-1, 1, 1, 1)
        with half_where_fast(self.device):
            made = self.forward(signal * x + noise * eps, t, self.text(ids)).sample
        loss = (made.float() - (signal * eps - noise * x)).pow(2).mean()
        self.optimizer.zero_grad(set_to_none=False)
        loss.backward()
        if self.options.processes > 1:
            self.average_gradients()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        factor = warm_stable_decay(
            self.seen, start=self.started, warm=4000, cool_from=self.cool_from, cool=self.options.cool
        )
        for group in self.optimizer.param_groups:
            group['lr'] = self.options.rate * factor
        self.optimizer.step()
        self.average.update()
        self.seen += len(x) * self.options.processes
        return loss.item()

    def average_gradients(self) -> None:
        flat = torch.cat([p.grad.flatten() for p in self.parameters])
        dist.all_reduce(flat)
        flat /= self.options.processes
        for p, part in zip(self.parameters, flat.split([p.numel() for p in self.parameters])):
            p.grad.copy_(part.view_as(p))

    def agreed(self, stop: bool) -> bool:
        """The same answer in every process: all stop after the same step."""
        if self.options.processes == 1:
            return stop
        flag = torch.tensor([float(stop)])
        dist.all_reduce(flag)
        return flag.item() > 0

    def finished(self) -> bool:
        last = self.options.samples if self.cool_from is None else self.cool_from + self.options.cool
        return last is not None and self.seen >= last

    def run(self) -> None:
        stop, meter, saved = Stop(self.options.minutes), Meter(), time.time()
        if self.rank == 0:
            print(f'{self.seen} samples seen, on {self.device}', flush=True)
        for index in itertools.count():
            if self.finished() or (index % 4 == 0 and self.agreed(bool(stop))):
                break
            loss = self.step()
            if self.rank == 0:
                rate = self.optimizer.param_groups[0]['lr']
                meter.add(loss, self.options.batch * self.options.processes, f'{self.seen} seen, rate {rate:.1e}')
                if time.time() - saved > 60 * self.options.save_minutes:
                    self.save()
                    saved = time.time()
        self.save()
        if self.rank == 0:
            print(f'{self.seen} samples seen, saved in {self.path}', flush=True)


def work(rank: int, options) -> None:
    one_thread()
    if options.processes > 1:
        os.environ |= {'MASTER_ADDR': '127.0.0.1', 'MASTER_PORT': str(options.port)}
        dist.init_process_group('gloo', rank=rank, world_size=options.processes)
    Trainer(options, rank).run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--run', default='v1')
    parser.add_argument('--subjects', default='v1')
    parser.add_argument('--from', dest='start', type=Path, default=SHIPPED, help='model whose U-Net a new run starts from')
    parser.add_argument('--fresh', action='store_true', help='start from random weights instead')
    parser.add_argument('--samples', type=int, help='samples to train on in all, before cooling')
    parser.add_argument('--cool', type=int, default=0, help='make a version to ship: let the rate fall over so many samples')
    parser.add_argument('--batch', type=int, default=64, help='per process')
    parser.add_argument('--rate', type=float, default=8e-4)
    parser.add_argument('--minutes', type=float, help='stop (and save) after this long')
    parser.add_argument('--save-minutes', type=float, default=3)
    parser.add_argument('--processes', type=int, default=1)
    parser.add_argument('--port', type=int, default=29517, help='of the processes among themselves, on this machine')
    parser.add_argument('--workers', type=int, default=0, help='processes that paint scenes; about 8 on CUDA')
    parser.add_argument('--device', default='auto')
    options = parser.parse_args()
    if options.processes > 1:
        torch.multiprocessing.spawn(work, (options,), nprocs=options.processes)
    else:
        work(0, options)


if __name__ == '__main__':
    main()
