"""The add-ons as files: ordinary .safetensors that any program reads, with what they are in their metadata."""

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from home import HOME
from lora import TRAINED_AT

OUT = HOME / 'export' / 'add-ons'
LICENCE = 'Apache-2.0, derived from Fluent Emoji (MIT), Twemoji (CC-BY-4.0), Noto Emoji (Apache-2.0) and EmojiTwo (CC-BY-4.0)'

# By look or theme: the file's name, which prompts use, and what it says of itself.
LORAS = {
    'ink': ('starter-ink', 'Ink drawing', 'Draws what the prompt names in black ink on white paper. For the Gesso starter.'),
}
EMBEDDINGS = {
    'night': ('starter-night', 'Night', 'Under the stars, low in the picture. For the Gesso starter.'),
}


def described(title: str, about: str) -> dict[str, str]:
    """As sai_model_spec.py of kohya's trainer calls it."""
    return {
        'modelspec.sai_model_spec': '1.0.0',
        'modelspec.title': title,
        'modelspec.description': about,
        'modelspec.author': 'The Gesso authors',
        'modelspec.license': LICENCE,
        'modelspec.resolution': '128x128',
        'modelspec.prediction_type': 'v',
    }


def written(name: str, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f'{name}.safetensors'
    save_file(tensors, path, metadata)
    return path


def body_hash(tensors: dict[str, torch.Tensor]) -> str:
    """What kohya's trainer calls sshs_model_hash: of all behind the header."""
    path = written('body', tensors, {})
    whole = path.read_bytes()
    path.unlink()
    return hashlib.sha256(whole[8 + int.from_bytes(whole[:8], 'little') :]).hexdigest()


def write_lora(look: str, tensors: dict[str, torch.Tensor], seen: int) -> Path:
    name, title, about = LORAS[look]
    rank = max(len(t) for key, t in tensors.items() if key.endswith('lora_down.weight'))
    trained = {
        'ss_output_name': name,
        'ss_base_model_version': 'gesso_starter_v2',
        'ss_network_module': 'networks.lora',
        'ss_network_dim': str(rank),
        'ss_network_alpha': str(rank / TRAINED_AT),
        'ss_network_args': json.dumps({'conv_dim': rank, 'conv_alpha': rank / TRAINED_AT}),
        'ss_num_train_images': str(seen),
        'sshs_model_hash': body_hash(tensors),
        'modelspec.architecture': 'gesso-starter/lora',
    }
    return written(name, tensors, described(title, about) | trained)


def write_embedding(look: str, vectors: torch.Tensor) -> Path:
    """vectors [n, width], float32 as A1111's own."""
    name, title, about = EMBEDDINGS[look]
    told = described(title, about) | {'modelspec.architecture': 'gesso-starter/textual-inversion'}
    return written(name, {'emb_params': vectors.detach().float().contiguous()}, told)
