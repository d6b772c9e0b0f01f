"""The five components of a starter model in diffusers layout, and batched sampling with them.

Everything is read from the model's own configs, so any version of the starter (other sizes, channels, vocabularies) works.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

SHIPPED = Path(__file__).resolve().parent / 'model'  # in half precision; the app's pack is made of it
DEFAULT_STEPS, DEFAULT_CFG = 8, 4.0


@dataclass
class Components:
    tokenizer: object
    text_encoder: torch.nn.Module
    unet: torch.nn.Module
    vae: torch.nn.Module
    scheduler: object

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """[channels, height, width] of one latent at the size the model was trained for."""
        size = self.unet.config.sample_size
        return self.unet.config.in_channels, size, size

    def alphas_cumprod(self) -> torch.Tensor:
        """[1000] float64; the last is 0 where the schedule has zero terminal signal-to-noise ratio."""
        return self.scheduler.alphas_cumprod.double()


def load_components(folder: Path = SHIPPED) -> Components:
    """Loads every component with from_pretrained, float32 arithmetic on the stored float16 weights."""
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    folder = Path(folder)
    load = lambda kind, name: kind.from_pretrained(folder / name, dtype=torch.float32).eval().requires_grad_(False)
    return Components(
        tokenizer=CLIPTokenizer.from_pretrained(folder / 'tokenizer'),
        text_encoder=load(CLIPTextModel, 'text_encoder'),
        unet=load(UNet2DConditionModel, 'unet'),
        vae=load(AutoencoderKL, 'vae'),
        scheduler=DDIMScheduler.from_pretrained(folder / 'scheduler'),
    )


def token_ids(parts: Components, prompts: list[str]) -> torch.Tensor:
    """[prompts, 77] ids, padded to the text encoder's length."""
    length = parts.text_encoder.config.max_position_embeddings
    return parts.tokenizer(
        prompts, padding='max_length', max_length=length, truncation=True, return_tensors='pt'
    ).input_ids


@torch.no_grad()
def encode_prompts(parts: Components, prompts: list[str]) -> torch.Tensor:
    """[prompts, 77, width]: the text encoder's last hidden state."""
    return parts.text_encoder(token_ids(parts, prompts)).last_hidden_state


def trailing_timesteps(steps: int, train_steps: int = 1000) -> list[int]:
    """DDIM's "trailing" spacing: 999 first, evenly down (diffusers DDIMScheduler.set_timesteps)."""
    return [int(t) for t in np.round(np.arange(train_steps, 0, -train_steps / steps)) - 1]


@torch.no_grad()
def sample_ddim(
    parts: Components, prompts: list[str], *, seed: int, steps=DEFAULT_STEPS, cfg=DEFAULT_CFG, noise=None, batch=32
) -> torch.Tensor:
    """[prompts, c, h, w] latents: DDIM (eta 0, trailing, v-prediction), classifier-free guidance against ''.

    The initial noise is one draw of torch.Generator('cpu') seeded with `seed`, unless `noise` is given.
    """
    if noise is None:
        generator = torch.Generator('cpu').manual_seed(seed)
        noise = torch.randn((len(prompts), *parts.latent_shape), generator=generator)
    empty = encode_prompts(parts, [''])
    alphas = parts.alphas_cumprod()
    signal, sigma = alphas.sqrt(), (1 - alphas).sqrt()
    timesteps = trailing_timesteps(steps)
    done = []
    for start in range(0, len(prompts), batch):
        x = noise[start : start + batch]
        count = len(x)
        text = torch.cat([encode_prompts(parts, prompts[start : start + batch]), empty.expand(count, -1, -1)])
        for index, t in enumerate(timesteps):
            v = parts.unet(torch.cat([x, x]), torch.full((2 * count,), t), text).sample
            v = v[count:] + cfg * (v[:count] - v[count:])
            x0 = signal[t].float() * x - sigma[t].float() * v
            if index + 1 == len(timesteps):
                x = x0
            else:
                following = timesteps[index + 1]
                eps = sigma[t].float() * x + signal[t].float() * v
                x = signal[following].float() * x0 + sigma[following].float() * eps
        done.append(x)
    return torch.cat(done)


@torch.no_grad()
def decode(parts: Components, latents: torch.Tensor, batch=64) -> torch.Tensor:
    """[n, 3, H, W] RGB, about -1..1, not clamped."""
    return torch.cat([parts.vae.decode(z / parts.vae.config.scaling_factor).sample for z in latents.split(batch)])


@torch.no_grad()
def encode(parts: Components, pictures: torch.Tensor, batch=64) -> torch.Tensor:
    """[n, c, h, w] latents (the mean of the posterior, scaled) of RGB pictures in -1..1."""
    return torch.cat(
        [parts.vae.encode(x).latent_dist.mean * parts.vae.config.scaling_factor for x in pictures.split(batch)]
    )


def picture_psnr(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """[n] dB between pictures in -1..1 (peak to peak 2)."""
    return -10 * ((a - b) / 2).pow(2).flatten(1).mean(1).clamp_min(1e-12).log10()


def save_grid(pictures: torch.Tensor, path: Path, columns: int, scale: int = 1) -> None:
    """Writes [n, 3, H, W] pictures in -1..1 as one PNG or WebP, row by row."""
    from PIL import Image

    n, _, height, width = pictures.shape
    rows = math.ceil(n / columns)
    sheet = np.full((rows * height, columns * width, 3), 255, np.uint8)
    for k, picture in enumerate(((pictures.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()):
        y, x = k // columns * height, k % columns * width
        sheet[y : y + height, x : x + width] = picture
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(sheet)
    image.resize((image.width * scale, image.height * scale), Image.BICUBIC).save(path, optimize=True, quality=85)
