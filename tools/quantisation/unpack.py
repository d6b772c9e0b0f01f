"""A folder of `npm run pack` back to a diffusers folder: what its rounded weights are, for any program that takes float weights.

    python tools/quantisation/unpack.py PACK MODEL OUT    MODEL: the diffusers folder the pack was made of

Reads packs by their description (src/core/packs/pack.ts) alone. Weights that are kept in float are MODEL's own.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

BLOCK = 32
PALETTE_BLOCK = 128
FILES = {
    "text_encoder": "text_encoder/model.safetensors",
    "unet": "unet/diffusion_pytorch_model.safetensors",
    "vae_decoder": "vae/diffusion_pytorch_model.safetensors",
    "vae_encoder": "vae/diffusion_pytorch_model.safetensors",
}


def values_of(weight, shards):
    """The values of a rounded weight, float32, in its shape."""

    def read(place, dtype):
        start = place["offset"]
        return np.frombuffer(shards[place["shard"]][start : start + place["byteLength"]], dtype)

    shape, form = weight["shape"], weight["form"]
    if form == "int8_channel":
        quants = read(weight["data"], np.int8).reshape(shape[0], -1).astype(np.float32)
        return (quants * read(weight["scales"], np.float32)[:, None]).reshape(shape)
    quants = read(weight["data"], np.uint8)
    if form.startswith("palette"):
        bits, count = int(form[-1]), int(np.prod(shape))
        flat = np.unpackbits(quants, bitorder="little")[: count * bits].reshape(count, bits)
        codes = (flat.astype(np.int64) << np.arange(bits)).sum(1)
        halves = read(weight["scales"], np.float16).astype(np.float32)
        levels, scales = halves[: 2**bits], halves[2**bits :]
        return (levels[codes] * np.repeat(scales, PALETTE_BLOCK)[:count]).reshape(shape)
    if form == "nbits4":
        quants = np.stack([quants & 15, quants >> 4], axis=-1)
    middle = 8 if form == "nbits4" else 128
    scales = read(weight["scales"], np.float16).astype(np.float32)
    return ((quants.reshape(-1, BLOCK).astype(np.float32) - middle) * scales[:, None]).reshape(shape)


def tensors_of(key, values, tensors):
    """The checkpoint's tensors in a weight: of all expressions only those that plans round."""
    joined = re.fullmatch(r"transpose\(concat\((.*)\)\)", key)
    if joined:
        names = joined[1].split(", ")
        ends = np.cumsum([tensors[name].shape[0] for name in names])[:-1]
        yield from zip(names, np.split(values.T, ends))
        return
    name = re.sub(r"^(?:reshape|padRows)\((.*); [\d ]+\)$", r"\1", key)
    shape = tensors[name].shape
    yield name, values[: shape[0]].reshape(shape)


def main(pack_folder, model, out):
    pack = json.loads((pack_folder / "pack.json").read_text())
    shutil.copytree(model, out, dirs_exist_ok=True)
    count = 0
    for component, part in pack["components"].items():
        shards = [(pack_folder / shard["file"]).read_bytes() for shard in part["shards"]]
        file = out / FILES[component]
        tensors = {name: tensor.copy() for name, tensor in load_file(file).items()}
        for key, weight in part["weights"].items():
            if weight["form"] in ("float32", "float16"):
                continue
            for name, values in tensors_of(key, values_of(weight, shards), tensors):
                before = tensors[name].astype(np.float32)
                error = np.linalg.norm(values - before) / max(np.linalg.norm(before), 1e-9)
                assert error < 0.15, (name, error)
                tensors[name] = np.ascontiguousarray(values.astype(tensors[name].dtype))
                count += 1
        save_file(tensors, file, metadata={"format": "pt"})
    print(f"{count} tensors of {pack['name']} as the plan {pack['plan']} rounds them")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
