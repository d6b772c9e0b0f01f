"""Writes a checkpoint of a published model's exact layout, and a LoRA for its attention, both of random numbers.

The same distributions as src/core/bench/random-weights.ts, through torch: two gigabytes in seconds.
python3 make-files.py full-size.json.gz sd15 FOLDER
"""
import gzip, json, math, re, struct, sys, time
from pathlib import Path
import torch

POOL = 1 << 22
STRIDE = 7919 * 31
RANK = 16
EMBEDDING = re.compile(r"embedding")
LINEAR_EMBEDDING = re.compile(r"(emb|embedding)s?\.(0|2|linear_\d)")


def distribution(name, shape):
    """Mean and deviation: a layer neither grows nor shrinks what it gets."""
    if EMBEDDING.search(name) and not LINEAR_EMBEDDING.search(name):
        return 0.0, 0.02
    if len(shape) < 2:
        return (1.0, 0.05) if name.endswith("weight") else (0.0, 0.02)
    return 0.0, 0.7 / math.sqrt(math.prod(shape[1:]))


def write(path, shapes, numbers):
    """shapes: name -> dims; numbers(name, shape) -> float16 tensor. Float16 throughout."""
    header, end = {}, 0
    for name, shape in shapes.items():
        begin, end = end, end + 2 * math.prod(shape)
        header[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            file.write(numbers(name, shape).contiguous().numpy().tobytes())


def checkpoint(path, shapes):
    pool = torch.randn(POOL, generator=torch.Generator().manual_seed(1))
    scaled, at = {}, 0

    def numbers(name, shape):
        nonlocal at
        at = (at + STRIDE) % POOL
        wanted = distribution(name, shape)
        if wanted not in scaled:
            scaled[wanted] = (pool * wanted[1] + wanted[0]).half()
        count = math.prod(shape)
        times = -(-(at + count) // POOL)
        return scaled[wanted].repeat(times)[at : at + count]

    write(path, shapes, numbers)


def lora_names(shapes):
    """Attention of the 1.5 layout, by the names that LoRAs have for it -> [out, in]."""
    for name, shape in shapes.items():
        found = re.match(
            r"model\.diffusion_model\.(input_blocks|middle_block|output_blocks)\.(\d+)\.(?:1\.)?"
            r"(transformer_blocks\.\d+\.attn[12]\.to_(?:q|k|v|out\.0))\.weight$",
            name,
        )
        if not found:
            continue
        part, index, rest = found[1], int(found[2]), found[3].replace(".", "_")
        if part == "input_blocks":
            place = f"down_blocks_{(index - 1) // 3}_attentions_{(index - 1) % 3}"
        elif part == "output_blocks":
            place = f"up_blocks_{index // 3}_attentions_{index % 3}"
        else:
            place = "mid_block_attentions_0"
        yield f"lora_unet_{place}_{rest}", shape[:2]


def lora(path, shapes):
    made = torch.Generator().manual_seed(2)
    files = {}
    for name, (out, into) in lora_names(shapes):
        files[f"{name}.lora_down.weight"] = (RANK, into)
        files[f"{name}.lora_up.weight"] = (out, RANK)
        files[f"{name}.alpha"] = ()

    def numbers(name, shape):
        if not shape:
            return torch.tensor(float(RANK)).half()
        scale = 1 / math.sqrt(shape[1]) if "down" in name else 0.3 / math.sqrt(RANK)
        return (torch.randn(shape, generator=made) * scale).half()

    write(path, files, numbers)
    return len(files) // 3


if __name__ == "__main__":
    layout, model, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    started = time.time()
    stored = json.load(gzip.open(layout))[model]["stored"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{model}.done").unlink(missing_ok=True)  # of an earlier run
    if model == "sd15":
        layers = lora(folder / "random-lora.safetensors", stored)
        print(f"LoRA of {layers} layers")
    path = folder / f"random-{model}.safetensors"
    checkpoint(path, stored)
    (folder / f"{model}.done").write_text("done")
    print(f"{path}: {path.stat().st_size} bytes in {time.time() - started:.1f} s")
