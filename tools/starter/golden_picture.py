"""Writes fixtures/golden-*.json and .png: whole pictures made by foreign code, which the app's engine must reproduce.

    python tools/starter/golden_picture.py [--model tools/starter/model] [--out tools/starter/fixtures] [--prefix golden]
    python tools/quantisation/unpack.py public/models/starter tools/starter/model Q8
    python tools/starter/golden_picture.py --model Q8 --prefix golden-q8      # with the weights as the app ships them

Foreign parts: components by diffusers and transformers, samplers by k-diffusion (its own sampling.py), noise by torch's CPU
generator (A1111's noise type "CPU"). The schedule is "SGM Uniform" on the discrete sigma table, whose last alphas_cumprod is
clamped to 2^-24 where the model has zero terminal signal-to-noise ratio, as diffusers does for sigma-based samplers.
"""

import argparse
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from components import SHIPPED, decode, encode_prompts, load_components
from k_diffusion_sampling import load_sampling

sampling = load_sampling()

PROMPTS = {'red-apple': 'a red apple', 'green-apple-blue': 'a green apple on a blue background'}
SAMPLERS = {
    'euler': sampling.sample_euler,
    'dpmpp_2m': sampling.sample_dpmpp_2m,
    'euler_ancestral': sampling.sample_euler_ancestral,
}
STEPS, CFG, SEED = 8, 4.0, 7


def sgm_uniform(alphas_cumprod: torch.Tensor, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """([steps + 1] sigmas ending in 0, [steps] fractional timesteps); log-linear between the table's entries."""
    alphas = alphas_cumprod.clone()
    alphas[-1] = alphas[-1].clamp_min(2**-24)
    log_sigmas = ((1 - alphas) / alphas).sqrt().log()
    t = torch.linspace(len(alphas) - 1, 0, steps + 1)[:-1]
    low, weight = t.floor().long(), t.frac()
    log_sigma = (1 - weight) * log_sigmas[low] + weight * log_sigmas[(low + 1).clamp_max(len(alphas) - 1)]
    return torch.cat([log_sigma.exp(), torch.zeros(1)]), t


class Denoiser:
    """x0 prediction in sigma space with classifier-free guidance, as k-diffusion's samplers call it."""

    def __init__(self, parts, prompt: str, sigmas: torch.Tensor, timesteps: torch.Tensor):
        self.unet = parts.unet
        self.text = encode_prompts(parts, [prompt, ''])
        self.timestep_of = dict(zip(sigmas.tolist(), timesteps))

    def __call__(self, x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        total = sigma[0] ** 2 + 1
        t = self.timestep_of[sigma[0].item()]
        v = self.unet((x / total.sqrt()).expand(2, -1, -1, -1), t.expand(2), self.text).sample
        denoised = x / total - v * sigma[0] / total.sqrt()
        return denoised[1:] + CFG * (denoised[:1] - denoised[1:])


def to_bytes(picture: torch.Tensor) -> np.ndarray:
    """[H, W, 3] uint8 of a [3, H, W] picture in -1..1; truncated, as A1111 and ComfyUI do."""
    return (((picture + 1) / 2).clamp(0, 1) * 255).to(torch.uint8).permute(1, 2, 0).numpy()


@torch.no_grad()
def make(parts, stem: str, prompt: str, sampler: str, out: Path) -> str:
    sigmas, timesteps = sgm_uniform(parts.scheduler.alphas_cumprod.float(), STEPS)
    generator = torch.Generator('cpu').manual_seed(SEED)
    noise = torch.randn((1, *parts.latent_shape), generator=generator)
    extra = {}
    if sampler == 'euler_ancestral':
        extra['noise_sampler'] = lambda sigma, following: torch.randn(parts.latent_shape, generator=generator)[None]
    denoise = Denoiser(parts, prompt, sigmas, timesteps)
    latent = SAMPLERS[sampler](denoise, noise * sigmas[0], sigmas, disable=True, **extra)
    Image.fromarray(to_bytes(decode(parts, latent)[0])).save(out / f'{stem}.png', optimize=True)
    record = {
        'made_by': 'tools/starter/golden_picture.py: '
        + ', '.join(f'{package} {version(package)}' for package in ('torch', 'diffusers', 'transformers', 'k-diffusion')),
        'prompt': prompt,
        'negative_prompt': '',
        'sampler': sampler,
        'schedule': 'sgm_uniform',
        'steps': STEPS,
        'cfg_scale': CFG,
        'seed': SEED,
        'noise': 'cpu',
        'sigmas': sigmas.tolist(),
        'timesteps': timesteps.tolist(),
        'initial_noise_first8': noise.flatten()[:8].tolist(),
        'latent_shape': list(latent.shape),
        'latent_first8': latent.flatten()[:8].tolist(),
        'latent_mean': latent.mean().item(),
        'latent_std': latent.std(unbiased=False).item(),
        'png': f'{stem}.png',
    }
    (out / f'{stem}.json').write_text(json.dumps(record, indent=2) + '\n')
    return f'{stem}: latent mean {record["latent_mean"]:.5f}, std {record["latent_std"]:.5f}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', type=Path, default=SHIPPED)
    parser.add_argument('--out', type=Path, default=Path(__file__).resolve().parent / 'fixtures')
    parser.add_argument('--prefix', default='golden', help='of the files')
    options = parser.parse_args()
    torch.set_num_threads(1)
    parts = load_components(options.model)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, prompt in PROMPTS.items():
        for sampler in SAMPLERS:
            print(make(parts, f'{options.prefix}-{name}-{sampler}', prompt, sampler, options.out))


if __name__ == '__main__':
    main()
