"""Trains the starter's ControlNet on a CUDA GPU that is there for minutes only, by the clock.

    python tools/starter/train_control_on_gpu.py --prepare HOME/export/control           # here; then carry.py bundle --run control-gpu
    python tools/starter/train_control_on_gpu.py --seconds 230 --out FOLDER              # there; --anew: from the U-Net's layers
    python tools/starter/train_control_on_gpu.py --join FOLDER                           # here: runs/control-gpu, export/control-gpu

As train_on_gpu.py trains the U-Net: processes draw scenes, the GPU paints them, draws hints of them (hints.py) and replays whole
steps as a CUDA graph. Half of the scenes on plain backgrounds are moved, shrunk and stretched together with their hints.
FOLDER/control gets averaged weights in half precision, as diffusers loads them, every --save-seconds, at the end, and on SIGTERM.
"""

import argparse
import json
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

from components import SHIPPED, load_components
from configs import PIXELS
from drawers import Drawers
from hints import as_condition, hints_of_layout, placed, places_of
from home import HOME, RUNS, write_atomically
from learner import half_of
from parts import halves, write
from patches import probe_encoder
from train_control import NOISY, new_control, taught_to_read
from train_diffusion import new_unet
from train_on_gpu import BEGUN, LAST, Denoising, Samples, add_clock_options, book_of, say, train
from train_text import new_encoder
from training import Average, Stop, device_of, save_checkpoint

WEIGHTS = 'diffusion_pytorch_model.safetensors'
BLOCK = 512  # hints drawn at once; of each block's edges one blur


class Hinted(Samples):
    """Scenes at other places and of other proportions, and hints of them."""

    numbers = np.random.default_rng()

    def columns(self) -> dict:
        return super().columns() | dict(hints=((1, PIXELS, PIXELS), torch.uint8))

    def made(self, layout: np.ndarray) -> dict[str, torch.Tensor]:
        places = places_of(layout, self.numbers)
        blocks = [slice(start, start + BLOCK) for start in range(0, len(layout), BLOCK)]
        hints = [hints_of_layout(layout[own], self.painter, self.numbers, places[own]) for own in blocks]
        return dict(latents=self.coder.encode(placed(self.painter.paint_layout(layout), places)), hints=torch.cat(hints))


class Controlling(Denoising):
    """Trains what is added to a U-Net that stays as it is; half of the steps from the noisiest third."""

    def network(self, options, layout: torch.memory_format) -> torch.nn.Module:
        from diffusers import ControlNetModel

        unet = new_unet(SHIPPED).requires_grad_(False).eval()
        if not options.anew:
            control = ControlNetModel.from_pretrained(RUNS / options.run / 'control', dtype=torch.float32)
        else:
            control = new_control(unet).to(self.device)
            taught_to_read(control, {name: self.pool.columns[name][: len(self.pool)] for name in ('hints', 'latents')}, 64)
        self.unet = unet.to(self.device, half_of(self.device)).to(memory_format=layout)
        config = json.loads(control.to_json_string())
        config.pop('_name_or_path', None)  # a folder of this machine
        write_atomically(options.out / 'control' / 'config.json', lambda path: path.write_text(json.dumps(config, indent=2) + '\n'))
        return control.train()

    def timesteps(self) -> torch.Tensor:
        own = super().timesteps()
        return torch.where(self.draw(torch.rand, self.batch) < 0.5, own, NOISY + own * (1000 - NOISY) // 1000)

    def made(self, noisy: torch.Tensor, t: torch.Tensor, text: torch.Tensor, drawn: dict) -> torch.Tensor:
        hints = as_condition(drawn['hints']).to(noisy.dtype)
        skips, middle = self.learner.network(noisy, t, text, hints, return_dict=False)
        return self.unet(noisy, t, text, down_block_additional_residuals=skips, mid_block_additional_residual=middle).sample


def save_control(folder: Path, _slot: str, weights: dict[str, torch.Tensor], state: dict) -> None:
    """One file, renamed when it is whole."""
    write(folder / 'control' / WEIGHTS, halves(weights), state=json.dumps(state))


def prepare(start: Path, run: str) -> str:
    """HOME/runs/<run> as train_on_gpu.py's Samples and Controlling read it, from the shipped model and an export."""
    folder = RUNS / run
    for source in (SHIPPED / 'tokenizer', SHIPPED / 'text_encoder', start):
        shutil.copytree(source, folder / ('control' if source == start else source.name), dirs_exist_ok=True)
    coder = probe_encoder(load_components(SHIPPED).vae)
    save_checkpoint(folder / 'autoencoder.pt', dict(matrix=coder.matrix, bias=coder.bias))
    return f'{folder}: begins with {start}'


def join(folder: Path, run: str) -> str:
    """HOME/export/<run> and HOME/runs/<run>/control.pt of what came back, with which train_control.py can go on."""
    from diffusers import ControlNetModel

    with safe_open(folder / 'control' / WEIGHTS, 'pt') as file:
        state = json.loads(file.metadata()['state'])
    control = ControlNetModel.from_pretrained(folder / 'control', dtype=torch.float32)
    parameters = list(control.parameters())
    optimizer = torch.optim.AdamW(parameters, 1e-3, betas=(0.9, 0.99), weight_decay=1e-2, foreach=True)
    average = Average(parameters, 0.998).state() | dict(updates=state['steps'])
    parts = dict(control=control.state_dict(), optimizer=optimizer.state_dict(), average=average)
    save_checkpoint(RUNS / run / 'control.pt', parts | dict(seen=state['seen'], index=0, cool_from=None))
    out = HOME / 'export' / run
    out.mkdir(parents=True, exist_ok=True)
    for name in ('config.json', WEIGHTS):
        shutil.copyfile(folder / 'control' / name, out / name)
    return f'{out}: {state}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--prepare', type=Path, help='begin with the ControlNet of this folder: lay out what is carried, and nothing else')
    parser.add_argument('--join', type=Path, help='make export and checkpoint of the files in this folder, and nothing else')
    parser.add_argument('--anew', action='store_true', help='begin with the layers of the U-Net')
    add_clock_options(parser, run='control-gpu', seconds=230, rate=1e-3, first=65_536, painting=0.2)
    options = parser.parse_args()
    if options.prepare or options.join:
        print(join(options.join, options.run) if options.join else prepare(options.prepare, options.run))
        return
    torch.set_num_threads(1)
    until = (options.until or BEGUN + options.seconds) - LAST
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = RUNS / options.run / 'tokenizer'
    drawers = Drawers(options.workers, options.subjects, tokenizer, book_of(options.subjects), options.chunk, 0)  # before anything touches CUDA
    stop, device = Stop(), device_of(options.device)
    say(f'{options.workers} processes draw; torch {torch.__version__} on {device}; {until - time.time():.0f} s left')
    torch.backends.cuda.enable_cudnn_sdp(False)  # it would compile a kernel for each shape
    torch.backends.cudnn.allow_tf32 = False
    encoder = new_encoder(RUNS / options.run).to(device).eval().requires_grad_(False)
    train(options, Hinted(options, drawers, encoder, device), device, until, stop, Controlling, save_control)
    drawers.end()


if __name__ == '__main__':
    main()
