"""What the trainings of add-ons share: the frozen starter, batches out of a pool, the loss of v-prediction."""

import torch

from components import SHIPPED, Components, load_components
from configs import TOKENS
from patches import PatchCoder, probe_encoder
from train_diffusion import noise_levels, spread_timesteps
from training import half_where_fast

SHORT = 48  # text positions that captions fit into; all later ones output the same code


class Frozen:
    """The shipped model, its weights not trained; `coder` is its autoencoder's encoder, `matrix` by patches."""

    def __init__(self):
        self.parts: Components = load_components(SHIPPED)
        self.coder: PatchCoder = probe_encoder(self.parts.vae)
        self.signal, self.noise = noise_levels()

    def ids(self, texts: list[str]) -> torch.Tensor:
        how = dict(padding='max_length', max_length=SHORT, truncation=True, return_tensors='pt')
        return self.parts.tokenizer(texts, **how).input_ids

    def text(self, texts: list[str]) -> torch.Tensor:
        """[n, 77, width]: the last position is repeated, since all later ones output the same."""
        with torch.no_grad():
            out = self.parts.text_encoder(self.ids(texts)).last_hidden_state
        return torch.cat([out, out[:, -1:].expand(-1, TOKENS - out.shape[1], -1)], 1)

    def loss(self, latents: torch.Tensor, text: torch.Tensor, control=None, t=None) -> torch.Tensor:
        """Of the U-Net's v-prediction at one random step each, or at `t`; `control(x, t)` gives what is added to its skips and its middle."""
        eps = torch.randn_like(latents)
        t = spread_timesteps(len(latents)) if t is None else t
        signal, noise = (x[t].view(-1, 1, 1, 1) for x in (self.signal, self.noise))
        noisy = signal * latents + noise * eps
        with half_where_fast('cpu'):
            skips, middle = control(noisy, t) if control else (None, None)
            more = dict(down_block_additional_residuals=skips, mid_block_additional_residual=middle)
            made = self.parts.unet(noisy, t, text, **(more if control else {})).sample
        return (made.float() - (signal * eps - noise * latents)).pow(2).mean()


def batches(count: int, size: int):
    """Endless batches of indices into a pool, each picture once a round."""
    while True:
        for part in torch.randperm(count).split(size):
            if len(part) == size:
                yield part
