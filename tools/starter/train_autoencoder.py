"""Trains the decoder of the starter's autoencoder on training scenes; the encoder is linear (patches.py) and not trained.

    python tools/starter/train_autoencoder.py [--run v1] [--from tools/starter/model | --fresh] [--images 80000]

Resumes HOME/runs/<run>/autoencoder.pt wherever it was interrupted. With --from, encoder and decoder start from that model
(one of half the size is grown); with --fresh, a new encoder is fitted to the artwork. The learning rate falls over the second half of --images.
"""

import argparse
import random
import time
from pathlib import Path

import torch

from components import SHIPPED, picture_psnr
from configs import FACTOR, LATENT_CHANNELS, VAE
from curriculum import curriculum_of
from grow import grow_decoder
from home import RUNS, load_subjects
from patches import PatchCoder, fit_patches, grow_patches, probe_encoder
from scene import Artwork, Painter, Scene, Thing, draw_scene
from training import Average, Meter, Stop, device_of, half_where_fast, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay

LATENT_NOISE = 0.2  # the decoder must forgive what the diffusion model leaves behind


def new_autoencoder(start: Path | None, art: Artwork, painter: Painter):
    """(AutoencoderKL, its PatchCoder)."""
    from diffusers import AutoencoderKL

    rng = random.Random(0)
    pictures = lambda: painter.paint([draw_scene(art, rng) for _ in range(2000)]).cpu()
    if start is None:
        return AutoencoderKL(**VAE), fit_patches(pictures(), FACTOR, LATENT_CHANNELS)
    vae = AutoencoderKL.from_pretrained(start / 'vae', dtype=torch.float32)
    coder = probe_encoder(vae)
    if 2 * coder.patch == FACTOR:
        return grow_decoder(vae), grow_patches(coder, pictures(), LATENT_CHANNELS)
    return vae, coder


def edges(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def picture_loss(made: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """L1 + L2 + colour (difference from its own mean over RGB) + edges."""
    difference = made - wanted
    colour = difference - difference.mean(1, keepdim=True)
    edge = sum((a - b).abs().mean() for a, b in zip(edges(made), edges(wanted)))
    return (
        difference.abs().mean()
        + difference.pow(2).mean()
        + colour.pow(2).mean()
        + 0.3 * colour.abs().mean()
        + 0.3 * edge
    )


@torch.no_grad()
def measure(vae, coder: PatchCoder, art: Artwork, painter: Painter) -> str:
    """Mean PSNR of pictures on white: seen and held-out (subject, style) pairs."""
    out = []
    for held in (False, True):
        rows = art.originals(held_out=held)[:: 1 if held else 8]
        x = painter.paint([Scene([Thing(row, None)]) for row in rows])
        y = torch.cat([vae.decode(coder.encode(part)).sample for part in x.split(32)]).clamp(-1, 1)
        out.append(f'{picture_psnr(x, y).mean():.2f}')
    return f'PSNR seen {out[0]} dB, held out {out[1]} dB'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--run', default='v1')
    parser.add_argument('--subjects', default='v1')
    parser.add_argument('--from', dest='start', type=Path, default=SHIPPED)
    parser.add_argument('--fresh', action='store_true', help='new encoder and decoder instead of --from')
    parser.add_argument('--images', type=int, default=80_000, help='images to train on in all')
    parser.add_argument('--batch', type=int, default=16)
    parser.add_argument('--rate', type=float, default=1e-3)
    parser.add_argument('--minutes', type=float, help='stop (and save) after this long')
    parser.add_argument('--device', default='auto')
    options = parser.parse_args()
    one_thread()
    device = device_of(options.device)
    art = Artwork.load(options.subjects)
    painter = Painter(art, device)
    vae, coder = new_autoencoder(None if options.fresh else options.start, art, painter)
    vae, coder = vae.to(device), coder.to(device)
    parameters = [*vae.decoder.parameters(), *vae.post_quant_conv.parameters()]
    optimizer = torch.optim.AdamW(parameters, options.rate, betas=(0.9, 0.99), weight_decay=1e-4, foreach=True)
    average, seen = Average(parameters, 0.998), 0
    path = RUNS / options.run / 'autoencoder.pt'
    if state := load_checkpoint(path, device):
        vae.load_state_dict(state['vae'])
        optimizer.load_state_dict(state['optimizer'])
        average.load(state['average'])
        coder, seen = PatchCoder(state['matrix'], state['bias']), state['seen']

    def save() -> None:
        config = {key: value for key, value in vae.config.items() if not key.startswith('_')}
        kept = dict(vae=vae.state_dict(), config=config, optimizer=optimizer.state_dict(), seen=seen)
        save_checkpoint(path, kept | dict(average=average.state(), matrix=coder.matrix, bias=coder.bias))

    draw = curriculum_of(options.subjects, art, load_subjects(options.subjects)['subjects']).draw
    rng, stop, meter, saved = random.Random(time.time()), Stop(options.minutes), Meter(), time.time()
    print(f'{seen} images seen; {measure(vae, coder, art, painter)}', flush=True)
    half = options.images // 2
    while seen < options.images and not stop:
        cool_from = half if seen > half else None
        factor = warm_stable_decay(seen, start=0, warm=1000, cool_from=cool_from, cool=half)
        for group in optimizer.param_groups:
            group['lr'] = options.rate * factor
        x = painter.paint([draw(rng) for _ in range(options.batch)])
        z = coder.encode(x)
        z = z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1, device=device) * LATENT_NOISE
        with half_where_fast(device):
            y = vae.decode(z).sample
        loss = picture_loss(y.float(), x)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        average.update()
        seen += len(x)
        meter.add(loss.item(), len(x), f'{seen} images, rate {options.rate * factor:.1e}')
        if time.time() - saved > 180:
            save()
            saved = time.time()
    save()
    average.swap()
    print(f'{seen} images seen; averaged weights: {measure(vae, coder, art, painter)}', flush=True)


if __name__ == '__main__':
    main()
