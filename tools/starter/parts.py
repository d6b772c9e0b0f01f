"""What training on another machine brings back: averaged weights in half precision, in files of at most 16 MiB.

Two slots take turns, so that one is whole whenever the machine is taken away: `unet-<slot>-1.safetensors` and `-2`. Besides,
`text_encoder.safetensors`. `join` makes of them what export.py takes.
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from home import RUNS, write_atomically

SLOTS, MOST = ('a', 'b'), 15_000_000  # bytes of tensors in a file


def halves(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().to('cpu', torch.float16).contiguous() for name, tensor in tensors.items()}


def in_parts(tensors: dict[str, torch.Tensor], most: int = MOST) -> list[dict[str, torch.Tensor]]:
    parts, size = [{}], 0
    for name, tensor in tensors.items():
        if size + tensor.nbytes > most:
            parts.append({})
            size = 0
        parts[-1][name] = tensor
        size += tensor.nbytes
    return parts


def write(path: Path, tensors: dict[str, torch.Tensor], **notes: str) -> None:
    write_atomically(path, lambda temporary: save_file(tensors, temporary, metadata={'format': 'pt', **notes}))


def save_text_encoder(folder: Path, weights: dict[str, torch.Tensor]) -> None:
    write(folder / 'text_encoder.safetensors', halves(weights))


def save_unet(folder: Path, slot: str, weights: dict[str, torch.Tensor], state: dict) -> None:
    """Every part says how far it was, so that parts of two times are told apart."""
    parts = in_parts(halves(weights))
    for number, part in enumerate(parts, 1):
        write(folder / f'unet-{slot}-{number}.safetensors', part, state=json.dumps(state), parts=str(len(parts)))


def state_of(folder: Path, slot: str) -> dict | None:
    """What a slot's parts say; None unless all are there and say the same."""
    notes = []
    for path in sorted(folder.glob(f'unet-{slot}-*.safetensors')):
        with safe_open(path, 'pt') as file:
            notes.append(file.metadata())
    whole = notes and len(notes) == int(notes[0]['parts']) and all(note == notes[0] for note in notes)
    return json.loads(notes[0]['state']) if whole else None


def newest(folder: Path) -> tuple[dict, dict[str, torch.Tensor]]:
    """(state, U-Net weights) of the slot that has seen most among those that are whole."""
    states = {slot: state for slot in SLOTS if (state := state_of(folder, slot))}
    if not states:
        raise SystemExit(f'{folder}: no whole slot')
    slot = max(states, key=lambda slot: states[slot]['seen'])
    weights = {}
    for path in sorted(folder.glob(f'unet-{slot}-*.safetensors')):
        weights |= load_file(path)
    return states[slot], weights


def join(folder: Path, run: str) -> str:
    """Writes HOME/runs/<run>/{diffusion-cooled.pt,text_encoder} of the files in the folder."""
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    from configs import TEXT, UNET
    from training import save_checkpoint

    state, weights = newest(folder)
    unet = UNet2DConditionModel(**UNET)
    unet.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    kept = [p.detach() for p in unet.parameters()]
    whole = dict(unet=unet.state_dict(), average=dict(kept=kept, updates=state['steps']), seen=state['seen'], cool_from=0)
    save_checkpoint(RUNS / run / 'diffusion-cooled.pt', whole)
    text = folder / 'text_encoder.safetensors'
    if text.exists():
        encoder = CLIPTextModel(CLIPTextConfig(**TEXT))
        encoder.load_state_dict({name: tensor.float() for name, tensor in load_file(text).items()})
        shutil.rmtree(RUNS / run / 'text_encoder', ignore_errors=True)
        encoder.save_pretrained(RUNS / run / 'text_encoder')
    return f'{RUNS / run}: {state}'
