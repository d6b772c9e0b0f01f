"""Checks a starter model against golden values and, end to end, with diffusers' own pipeline; prints every error.

    python tools/starter/verify.py [--model tools/starter/model] [--reference tools/starter/fixtures/reference.json]
                                   [--picture picture.png]

Version 0's golden values were written by another implementation of the same networks and another tokenizer, so they hold
files, configs and tokenizer together; later ones are written by export.py. Exits with 1 if an error is above its limit.
"""

import argparse
import json
import math
from pathlib import Path

import torch

from components import SHIPPED, decode, encode, encode_prompts, load_components, sample_ddim, token_ids

HERE = Path(__file__).resolve().parent
LIMIT = 2e-5  # absolute, float32; values are of the order of 1 and printed with six digits in the reference
LOOP_LIMIT = 2e-4  # eight steps with guidance 4 amplify rounding differences
PIPELINE_LIMIT = 2e-4


def reference_noise(count: int, seed: int) -> torch.Tensor:
    """Box-Muller over a 32-bit linear congruential generator: a few lines in any language (reference.json, noise_formula)."""
    state, values = seed & 0xFFFFFFFF, []

    def uniform() -> float:
        nonlocal state
        state = (1664525 * state + 1013904223) & 0xFFFFFFFF
        return (state + 0.5) / 2**32

    while len(values) < count:
        radius, angle = math.sqrt(-2 * math.log(uniform())), 2 * math.pi * uniform()
        values += [radius * math.cos(angle), radius * math.sin(angle)]
    return torch.tensor(values[:count], dtype=torch.float64).float()


class Report:
    def __init__(self):
        self.failures = 0

    def line(self, name: str, error: float, limit: float) -> None:
        self.failures += not error <= limit
        print(f'{"ok  " if error <= limit else "FAIL"} {name:<44} error {error:.2e} (limit {limit:.0e})')

    def compare(self, name: str, tensor: torch.Tensor, golden: dict, limit: float = LIMIT) -> None:
        """Compares shape, first eight values, mean and standard deviation."""
        if list(tensor.shape) != golden['shape']:
            self.line(f'{name}: shape {list(tensor.shape)}', math.inf, limit)
            return
        first = (tensor.flatten()[:8] - torch.tensor(golden['first8'])).abs().max().item()
        moments = max(
            abs(tensor.mean().item() - golden['mean']), abs(tensor.std(unbiased=False).item() - golden['std_population'])
        )
        self.line(name, max(first, moments), limit)


@torch.no_grad()
def check_components(parts, golden: dict, report: Report) -> None:
    prompt = golden['prompt']
    for name, text, key in (
        ('token ids', prompt, 'token_ids'),
        ('token ids of the empty prompt', '', 'negative_token_ids_empty_prompt'),
    ):
        wrong = sum(a != b for a, b in zip(token_ids(parts, [text])[0].tolist(), golden[key], strict=True))
        report.line(f'{name} (count of wrong ids)', wrong, 0)
    text, empty = encode_prompts(parts, [prompt]), encode_prompts(parts, [''])
    expected = golden['text_encoder_last_hidden_state']
    report.compare('text encoder', text, expected)
    end = ('position4_eos_first8', 4) if 'end_position' not in expected else ('end_first8', expected['end_position'])
    for key, position in (end, ('position76_first8', 76)):
        error = (text[0, position, :8] - torch.tensor(expected[key])).abs().max().item()
        report.line(f'text encoder, position {position}', error, LIMIT)
    report.compare('text encoder, empty prompt', empty, golden['text_encoder_last_hidden_state_empty_prompt'])
    shape = parts.latent_shape
    noise = reference_noise(math.prod(shape), golden['latent_noise']['seed']).view(1, *shape)
    report.compare('noise', noise, golden['latent_noise'])
    for t in (999, 500):
        report.compare(f'unet, t = {t}', parts.unet(noise, torch.tensor([t]), text).sample, golden[f'unet_t{t}'])
    given = golden['vae_decode_input']
    latent = reference_noise(math.prod(shape), given['seed']).view(1, *shape) * given['scale']
    report.compare('vae decoder', decode(parts, latent), golden['vae_decode_output_unclamped'])


@torch.no_grad()
def check_sampling(parts, golden: dict, report: Report) -> None:
    shape = parts.latent_shape
    noise = reference_noise(math.prod(shape), golden['latent_noise']['seed']).view(1, *shape)
    sampling = golden['sampling']
    steps = len(sampling['timesteps'])
    latent = sample_ddim(parts, [golden['prompt']], seed=0, steps=steps, cfg=sampling['cfg'], noise=noise)
    report.compare(f'{steps} DDIM steps: latent', latent, sampling['final_latent'], LOOP_LIMIT)
    picture = decode(parts, latent)
    report.compare(f'{steps} DDIM steps: picture', picture, sampling['decoded_image_unclamped'], LOOP_LIMIT)
    again = encode(parts, picture.clamp(-1, 1))
    report.compare('vae encoder', again, golden['vae_encode_of_clamped_decoded_image_mean'], LOOP_LIMIT)


def check_pipeline(folder: Path, parts, report: Report, picture: Path | None) -> None:
    """The diffusers pipeline, loaded from the folder as any user of it would, against this folder's own sampling loop."""
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(folder, dtype=torch.float32, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    prompts = ['a red apple', 'a cat', 'a rocket', 'a green apple on a blue background', 'a penguin', 'pizza', 'robot', '']
    noise = torch.randn((len(prompts), *parts.latent_shape), generator=torch.Generator('cpu').manual_seed(7))
    size = parts.vae.config.sample_size
    common = dict(num_inference_steps=8, guidance_scale=4.0, height=size, width=size, output_type='pt')
    out = pipe(prompts, latents=noise, **common).images
    own = (decode(parts, sample_ddim(parts, prompts, seed=7, noise=noise)) / 2 + 0.5).clamp(0, 1)
    report.line(f'diffusers pipeline, {len(prompts)} pictures', (out - own).abs().max().item(), PIPELINE_LIMIT)
    if picture:
        from components import save_grid

        save_grid(out * 2 - 1, picture, columns=4, scale=3)
        print(f'     pictures of the pipeline: {picture}')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', type=Path, default=SHIPPED)
    parser.add_argument('--reference', type=Path, default=HERE / 'fixtures' / 'reference.json')
    parser.add_argument('--picture', type=Path, help='write what the diffusers pipeline painted')
    options = parser.parse_args()
    torch.set_num_threads(1)
    parts, report = load_components(options.model), Report()
    golden = json.loads(options.reference.read_text())
    check_components(parts, golden, report)
    check_sampling(parts, golden, report)
    check_pipeline(options.model, parts, report, options.picture)
    raise SystemExit(report.failures > 0)


if __name__ == '__main__':
    main()
