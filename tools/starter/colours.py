"""Colour words: the backgrounds captions name, the word a person would say for a pixel, and recolouring to such a word."""

import numpy as np

BACKGROUNDS = {
    'white': (255, 255, 255), 'black': (20, 20, 24), 'red': (235, 64, 52), 'orange': (250, 150, 50),
    'yellow': (252, 216, 74), 'green': (90, 185, 90), 'blue': (66, 133, 244), 'purple': (150, 90, 210),
    'pink': (250, 160, 190), 'grey': (150, 155, 160), 'light blue': (170, 215, 250), 'light green': (185, 230, 180),
    'brown': (140, 95, 65),
}  # fmt: skip
WORDS = ('red', 'green', 'blue', 'yellow', 'orange', 'purple', 'black', 'white', 'brown', 'pink', 'grey')
HUES = ('red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink')  # the words recolouring is trained and judged on

# Recolouring targets: hue in degrees, saturation and value of the recoloured region's median pixel.
TARGETS = {
    'red': (358, 0.86, 0.88), 'orange': (28, 0.85, 0.97), 'yellow': (51, 0.78, 0.98), 'green': (122, 0.62, 0.68),
    'blue': (214, 0.75, 0.93), 'purple': (273, 0.58, 0.80), 'pink': (338, 0.44, 0.98), 'brown': (26, 0.62, 0.50),
    'black': (220, 0.10, 0.16), 'grey': (220, 0.06, 0.62),
}  # fmt: skip


def to_hsv(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[..., 3] RGB in 0..1 -> hue in degrees, saturation, value."""
    high, low = rgb.max(-1), rgb.min(-1)
    span = high - low
    safe = np.where(span > 0, span, 1)
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(high == r, (g - b) / safe, np.where(high == g, 2 + (b - r) / safe, 4 + (r - g) / safe))
    hue = np.where(span > 0, hue * 60 % 360, 0)
    return hue, np.where(high > 0, span / np.where(high > 0, high, 1), 0), high


def from_hsv(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The inverse of to_hsv."""
    k = (np.array([5, 3, 1]) + hue[..., None] / 60) % 6
    return value[..., None] * (1 - saturation[..., None] * np.clip(np.minimum(k, 4 - k), 0, 1))


def words_of(rgb: np.ndarray) -> np.ndarray:
    """[..., 3] RGB in 0..1 -> [...] colour words. Hue limits as in the first starter model, so figures compare."""
    h, s, v = to_hsv(rgb)
    conditions = [
        (v < 0.22, 'black'),
        ((s < 0.18) & (v > 0.8), 'white'),
        (s < 0.18, 'grey'),
        (((h < 14) | (h >= 345)) & (v > 0.85) & (s < 0.55), 'pink'),
        ((h < 14) | (h >= 345), 'red'),
        ((h < 42) & (v < 0.68), 'brown'),
        (h < 42, 'orange'),
        (h < 68, 'yellow'),
        (h < 165, 'green'),
        (h < 255, 'blue'),
        (h < 292, 'purple'),
    ]
    return np.select([c for c, _ in conditions], [w for _, w in conditions], 'pink')


def main_word(rgb: np.ndarray, opaque: np.ndarray) -> tuple[str | None, float]:
    """The commonest colour word among the opaque pixels of a [H, W, 3] picture, and its share of them."""
    pixels = rgb[opaque]
    if len(pixels) < 20:
        return None, 0.0
    words, counts = np.unique(words_of(pixels), return_counts=True)
    return str(words[counts.argmax()]), float(counts.max() / len(pixels))


def unpremultiply(art: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """uint8 premultiplied [H, W, 4] -> (RGB in 0..1, alpha in 0..1)."""
    alpha = art[..., 3].astype(np.float32) / 255
    return np.clip(art[..., :3] / 255 / np.maximum(alpha, 1 / 255)[..., None], 0, 1), alpha


def art_word(art: np.ndarray) -> tuple[str | None, float]:
    rgb, alpha = unpremultiply(art)
    return main_word(rgb, alpha > 0.6)


def _ramp(x: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.clip((x - low) / (high - low), 0, 1)


def _main_region(h: np.ndarray, s: np.ndarray, v: np.ndarray, alpha: np.ndarray):
    """(soft mask, its hue) of the largest single-hue region, else of the light greys; None if neither is large."""
    coloured = (s > 0.2) & (v > 0.2) & (alpha > 0.3)
    area = alpha.sum()
    bins = np.bincount((h[coloured] // 10).astype(int), weights=alpha[coloured], minlength=36)
    around = bins + np.roll(bins, 1) + np.roll(bins, -1)
    hue = around.argmax() * 10 + 5
    distance = np.abs((h - hue + 180) % 360 - 180)
    mask = (1 - _ramp(distance, 32, 48)) * _ramp(s, 0.12, 0.25) * _ramp(v, 0.12, 0.22)
    if (mask * alpha).sum() > 0.33 * area:
        return mask, hue
    mask = (1 - _ramp(s, 0.18, 0.3)) * _ramp(v, 0.45, 0.6)
    return (mask, None) if (mask * alpha).sum() > 0.4 * area else None


def recolour(art: np.ndarray, word: str) -> np.ndarray | None:
    """The picture with its main colour turned into `word`, the rest (eyes, leaves, wheels) kept; None where it has no
    main colour or the result would not be called `word` by main_word. uint8 premultiplied [H, W, 4] in and out."""
    rgb, alpha = unpremultiply(art)
    h, s, v = to_hsv(rgb)
    region = _main_region(h, s, v, alpha)
    if region is None:
        return None
    mask, hue = region
    inside = (mask > 0.5) & (alpha > 0.5)
    if inside.sum() < 40:
        return None
    target_hue, target_s, target_v = TARGETS[word]
    shift = 0 if hue is None else np.clip((h - hue + 180) % 360 - 180, -25, 25) * 0.35
    new_v = np.clip(target_v * (v / np.median(v[inside])) ** 0.8, 0, 1)
    relative = 1 if hue is None else (np.maximum(s, 1e-3) / np.median(s[inside])) ** 0.8
    new_s = np.clip(target_s * relative * np.ones_like(s), 0, 1)
    new = from_hsv((target_hue + shift) % 360 * np.ones_like(h), new_s, new_v)
    out = rgb + (new - rgb) * mask[..., None]
    found, share = main_word(out, alpha > 0.6)
    if found != word or share < 0.42:
        return None
    out = np.concatenate([out * alpha[..., None], alpha[..., None]], -1)
    return np.round(out * 255).astype(np.uint8)
