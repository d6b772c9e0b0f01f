"""Packs a run into a starter model: float16 safetensors in diffusers layout, gesso.json, golden values, model card.

    python tools/starter/export.py [--run v1] [--out HOME/export/v1] [--checkpoint diffusion-cooled.pt]

The averaged weights are taken. Nothing is written into the app: look at the pictures and the figures of evaluate.py first,
then `node tools/ship-starter.mjs FOLDER` puts it into the app.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch

from components import load_components, decode, encode, encode_prompts, sample_ddim, token_ids, trailing_timesteps
from configs import PIXELS, SCHEDULER, UNET
from home import HERE, HOME, RUNS
from patches import PatchCoder, write_encoder
from training import load_checkpoint
from verify import reference_noise

PROMPT, NOISE_SEED, LATENT_SEED, LATENT_SCALE = 'a red apple', 42, 7, 0.5


@torch.no_grad()
def averaged(model, state: dict, parameters) -> None:
    """Puts a checkpoint's averaged weights into the given parameters of a model."""
    for parameter, kept in zip(parameters, state['average']['kept'], strict=True):
        parameter.copy_(kept)


def load_autoencoder(folder: Path):
    from diffusers import AutoencoderKL

    state = load_checkpoint(folder / 'autoencoder.pt')
    config = {key: value for key, value in state['config'].items() if not key.startswith('_')}
    vae = AutoencoderKL(**config)
    vae.load_state_dict(state['vae'])
    averaged(vae, state, [*vae.decoder.parameters(), *vae.post_quant_conv.parameters()])
    coder = PatchCoder(state['matrix'], state['bias'])
    probe = torch.rand(8, 3, PIXELS, PIXELS) * 2 - 1
    with torch.no_grad():
        error = (vae.encode(probe).latent_dist.mean - coder.encode(probe)).abs().max()
    if error > 0.1:  # a fresh or grown run: the encoder has not been written yet
        import random

        from scene import Artwork, Painter, draw_scene

        art, rng = Artwork.load('v1'), random.Random(0)
        write_encoder(vae, coder, Painter(art).paint([draw_scene(art, rng) for _ in range(1000)]))
    return vae, state['seen']


def load_unet(path: Path):
    from diffusers import UNet2DConditionModel

    state = load_checkpoint(path)
    unet = UNet2DConditionModel(**UNET)
    averaged(unet, state, list(unet.parameters()))
    return unet, state['seen']


def write_model(folder: Path, out: Path, checkpoint: str) -> dict:
    """Writes the five components; returns how much each has seen."""
    from diffusers import DDIMScheduler
    from transformers import CLIPTextModel

    vae, images = load_autoencoder(folder)
    unet, samples = load_unet(folder / checkpoint)
    encoder = CLIPTextModel.from_pretrained(folder / 'text_encoder', dtype=torch.float32)
    for model, name in ((vae, 'vae'), (unet, 'unet'), (encoder, 'text_encoder')):
        model.half().save_pretrained(out / name)
        drop_private_keys(out / name / 'config.json')
    restore_prefix(out / 'text_encoder' / 'model.safetensors')
    DDIMScheduler(**SCHEDULER).save_pretrained(out / 'scheduler')
    shutil.copytree(folder / 'tokenizer', out / 'tokenizer', dirs_exist_ok=True)
    part = lambda library, name: [library, name]
    index = dict(
        _class_name='StableDiffusionPipeline',
        _diffusers_version='0.30.0',
        feature_extractor=part(None, None),
        image_encoder=part(None, None),
        requires_safety_checker=False,
        safety_checker=part(None, None),
        scheduler=part('diffusers', 'DDIMScheduler'),
        text_encoder=part('transformers', 'CLIPTextModel'),
        tokenizer=part('transformers', 'CLIPTokenizer'),
        unet=part('diffusers', 'UNet2DConditionModel'),
        vae=part('diffusers', 'AutoencoderKL'),
    )
    (out / 'model_index.json').write_text(json.dumps(index, indent=2) + '\n')
    return dict(autoencoder_images=images, unet_samples=samples)


def drop_private_keys(path: Path) -> None:
    """Removes where the weights were loaded from, which from_pretrained notes in the config."""
    config = json.loads(path.read_text())
    config.pop('_name_or_path', None)
    path.write_text(json.dumps(config, indent=2) + '\n')


def restore_prefix(path: Path) -> None:
    """Names the tensors text_model.*, as in every published checkpoint; transformers 5 writes them without, and reads both."""
    from safetensors.torch import load_file, save_file

    prefix = 'text_model.'
    tensors = {name if name.startswith(prefix) else prefix + name: tensor for name, tensor in load_file(path).items()}
    save_file(tensors, path, metadata={'format': 'pt'})


def statistics(tensor: torch.Tensor) -> dict:
    return dict(
        shape=list(tensor.shape),
        first8=[round(value, 6) for value in tensor.flatten()[:8].tolist()],
        mean=round(tensor.mean().item(), 7),
        std_population=round(tensor.std(unbiased=False).item(), 7),
    )


@torch.no_grad()
def golden_values(folder: Path) -> dict:
    """The same record as fixtures/reference.json, for verify.py and the app's tests."""
    parts = load_components(folder)
    shape = (1, *parts.latent_shape)
    count = torch.Size(shape).numel()
    text, empty = encode_prompts(parts, [PROMPT]), encode_prompts(parts, [''])
    end = token_ids(parts, [PROMPT])[0].tolist().index(parts.text_encoder.config.eos_token_id)
    noise = reference_noise(count, NOISE_SEED).view(shape)
    latent = reference_noise(count, LATENT_SEED).view(shape) * LATENT_SCALE
    final = sample_ddim(parts, [PROMPT], seed=0, steps=8, cfg=4.0, noise=noise)
    picture = decode(parts, final)
    rounded = lambda tensor: [round(value, 6) for value in tensor.tolist()]
    steps = trailing_timesteps(8)
    return dict(
        note='float32 arithmetic on the float16 weights. Tensors row-major, NCHW; text [1, 77, width].',
        noise_formula='s=seed (uint32). u(): s=(1664525*s+1013904223) mod 2^32; return (s+0.5)/2^32. Repeat: '
        'a=sqrt(-2*ln(u())); b=2*pi*u(); emit a*cos(b), then a*sin(b). Fill row-major NCHW.',
        prompt=PROMPT,
        token_ids=token_ids(parts, [PROMPT])[0].tolist(),
        negative_token_ids_empty_prompt=token_ids(parts, [''])[0].tolist(),
        text_encoder_last_hidden_state=statistics(text)
        | dict(end_position=end, end_first8=rounded(text[0, end, :8]), position76_first8=rounded(text[0, 76, :8])),
        text_encoder_last_hidden_state_empty_prompt=statistics(empty),
        latent_noise=dict(seed=NOISE_SEED, scale=1.0) | statistics(noise),
        unet_t999=statistics(parts.unet(noise, torch.tensor([999]), text).sample),
        unet_t500=statistics(parts.unet(noise, torch.tensor([500]), text).sample),
        vae_decode_input=dict(seed=LATENT_SEED, scale=LATENT_SCALE) | statistics(latent),
        vae_decode_output_unclamped=statistics(decode(parts, latent)),
        sampling=dict(
            scheduler='DDIM eta 0, trailing',
            timesteps=steps,
            cfg=4.0,
            rule='v=v_uncond+cfg*(v_cond-v_uncond)',
            alphas_cumprod_at_timesteps=[round(parts.alphas_cumprod()[t].item(), 9) for t in steps],
            final_latent=statistics(final),
            decoded_image_unclamped=statistics(picture),
        ),
        vae_encode_of_clamped_decoded_image_mean=statistics(encode(parts, picture.clamp(-1, 1))),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--run', default='v1')
    parser.add_argument('--out', type=Path)
    parser.add_argument('--checkpoint', default='diffusion-cooled.pt')
    options = parser.parse_args()
    torch.set_num_threads(1)
    out = options.out or HOME / 'export' / options.run
    seen = write_model(RUNS / options.run, out, options.checkpoint)
    (out / 'reference.json').write_text(json.dumps(golden_values(out), indent=1) + '\n')
    for path in out.rglob('*'):
        path.chmod(0o755 if path.is_dir() else 0o644)  # safetensors files are written private
    size = sum(path.stat().st_size for path in out.rglob('*') if path.is_file())
    print(f'{out}: {size / 1e6:.1f} MB, {seen}')
    print(f'next: latent_rgb.py --model {out} --subjects {HERE}/subjects-v1.json, verify.py, evaluate.py')


if __name__ == '__main__':
    main()
