"""What rounding one tensor of the starter to 4 bits leaves in what the model makes, tensor by tensor, with torch and diffusers.

    python tools/quantisation/layers.py > docs/layers.md

Needs torch, diffusers and transformers. Rounded as src/core/weights/palette.ts does: 16 levels of the tensor's own (Lloyd), a least-squares
scale for each 128 numbers. The output is the U-Net's of 12 prompts, guidance 4, at 3 of 8 DDIM steps on the way that the exact model takes; for
tensors of the text encoder the U-Net given the text that comes out; for the decoder's the picture. The median of the prompts is told.
"""
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "tools/starter/model"
PROMPTS = (ROOT / "tools/starter/grid-prompts.txt").read_text().split("\n")[:12]
BLOCK = 128
LEVELS = 16
STEPS, SEEN = 8, (0, 3, 6)
GUIDANCE = 4

unet = UNet2DConditionModel.from_pretrained(MODEL / "unet").float().eval()
text = CLIPTextModel.from_pretrained(MODEL / "text_encoder").float().eval()
vae = AutoencoderKL.from_pretrained(MODEL / "vae").float().eval()
tokenizer = CLIPTokenizer.from_pretrained(MODEL / "tokenizer")
scheduler = DDIMScheduler.from_pretrained(MODEL / "scheduler")
tokens = tokenizer([*PROMPTS, ""], padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids


def lloyd(numbers: np.ndarray) -> np.ndarray:
    some = np.sort(numbers[:: max(1, numbers.size >> 15)])
    levels = np.quantile(some, (np.arange(LEVELS) + 0.5) / LEVELS)
    for _ in range(25):
        nearest = np.searchsorted((levels[1:] + levels[:-1]) / 2, some)
        count = np.bincount(nearest, minlength=LEVELS)
        levels = np.where(count > 0, np.bincount(nearest, some, LEVELS) / np.maximum(count, 1), levels)
    return levels


def rounded(tensor: torch.Tensor) -> torch.Tensor:
    values = tensor.numpy().astype(np.float64).ravel()
    blocks = np.pad(values, (0, -values.size % BLOCK)).reshape(-1, BLOCK)
    scale = np.abs(blocks).max(1, keepdims=True)
    scale[scale == 0] = 1
    levels = lloyd((blocks / scale).ravel()[: values.size])
    for _ in range(2):
        nearest = levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, blocks / np.where(scale == 0, 1, scale))]
        scale = (blocks * nearest).sum(1, keepdims=True) / np.maximum((nearest**2).sum(1, keepdims=True), 1e-30)
    return torch.from_numpy((nearest * scale).ravel()[: values.size].reshape(tensor.shape)).float()


def error(found: torch.Tensor, whole: torch.Tensor) -> torch.Tensor:
    """Relative squared error of each picture."""
    return ((found - whole) ** 2).flatten(1).sum(1) / (whole**2).flatten(1).sum(1)


def denoise(latent: torch.Tensor, time: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
    count = len(PROMPTS)
    both = torch.cat([context[count:].expand(count, -1, -1), context[:count]])
    return unet(torch.cat([latent, latent]), time, both).sample


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    exact = text(tokens).last_hidden_state
    scheduler.set_timesteps(STEPS)
    latent = torch.randn(len(PROMPTS), unet.config.in_channels, 8, 8) * scheduler.init_noise_sigma
    calls = []
    for time in scheduler.timesteps:
        calls.append((latent, time))
        without, given = denoise(latent, time, exact).chunk(2)
        latent = scheduler.step(without + GUIDANCE * (given - without), time, latent).prev_sample
    latent = latent / vae.config.scaling_factor
    seen = [calls[i] for i in SEEN]
    predicted = [denoise(*call, exact) for call in seen]
    picture = vae.decode(latent).sample

    def unet_error(context: torch.Tensor = exact) -> float:
        errors = [error(denoise(*call, context), whole) for call, whole in zip(seen, predicted)]
        return float(torch.stack(errors).mean(0).median())

    measures = {
        "U-Net": (unet, unet_error),
        "text encoder": (text, lambda: unet_error(text(tokens).last_hidden_state)),
        "decoder": (vae, lambda: float(error(vae.decode(latent).sample, picture).median())),
    }
    rows = []
    for network, (module, measure) in measures.items():
        for name, parameter in module.named_parameters():
            is_vector = parameter.numel() == max(parameter.shape)
            if is_vector or name.startswith(("encoder.down", "encoder.mid", "encoder.conv", "quant_conv")):
                continue
            whole = parameter.data.clone()
            parameter.data = rounded(whole)
            own = float(((parameter.data - whole) ** 2).sum() / (whole**2).sum())
            left = measure()
            parameter.data = whole
            rows.append((left / own, network, name, parameter.numel(), own, left))
    print("# What each layer's rounding leaves\n")
    print("Made by `python tools/quantisation/layers.py`: one tensor of the starter at a time in 4 bits. Errors are relative, of the tensor's numbers and of")
    print("what the model makes; *seen* is the ratio of their squares, which `src/core/packs/sensitivity.ts` goes by.\n")
    print("| network | tensor | numbers | its error | error of the output | seen |\n| --- | --- | --- | --- | --- | --- |")
    for ratio, network, name, count, own, left in sorted(rows, reverse=True):
        print(f"| {network} | {name} | {count} | {100 * own**0.5:.1f} % | {100 * left**0.5:.2g} % | {ratio:.2g} |")


with torch.no_grad():
    main()
