"""A diffusers U-Net cut where DeepCache and Faster Diffusion cut it, with the multiply-adds of each part.

A U-Net of n skips has n stations on its way down (the first convolution; a resnet with its attention; a downsampler), each of which leaves a skip,
and n on its way up, which take them in the opposite order. A shallow call of depth d goes through the first d down and the last d up, and takes
what the inner ones gave last time (DeepCache: Ma et al. 2023, arXiv 2312.00858). A call without its way down takes the skips and the middle's
output of last time, and goes up with the time of now (Faster Diffusion: Li et al. 2023, arXiv 2312.09608).
"""

import torch
from torch.utils.flop_counter import FlopCounterMode


class Stations:
    def __init__(self, unet):
        self.unet = unet
        self.down, self.up = [lambda x, emb, text, added: unet.conv_in(x)], []
        for block in unet.down_blocks:
            attentions = getattr(block, 'attentions', None) or [None] * len(block.resnets)
            for resnet, attention in zip(block.resnets, attentions):
                self.down.append(self.layer(resnet, attention))
            for sampler in block.downsamplers or []:
                self.down.append(lambda x, emb, text, added, sampler=sampler: sampler(x))
        for block in unet.up_blocks:
            attentions = getattr(block, 'attentions', None) or [None] * len(block.resnets)
            last = len(block.resnets) - 1
            for k, (resnet, attention) in enumerate(zip(block.resnets, attentions)):
                sampler = block.upsamplers[0] if k == last and block.upsamplers else None
                self.up.append(self.layer(resnet, attention, sampler))

    @staticmethod
    def layer(resnet, attention, sampler=None):
        def run(x, emb, text, added):
            x = resnet(x, emb)
            if attention is not None:
                x = attention(x, encoder_hidden_states=text, return_dict=False)[0]
            return x if sampler is None else sampler(x)

        return run

    @property
    def depth(self) -> int:
        return len(self.down)

    def embed(self, x, t, text, added):
        emb = self.unet.time_embedding(self.unet.time_proj(t).to(x.dtype))
        extra = self.unet.get_aug_embed(emb=emb, encoder_hidden_states=text, added_cond_kwargs=added or {})
        return emb if extra is None else emb + extra

    def go_down(self, x, emb, text, added, count):
        skips = []
        for station in self.down[:count]:
            x = station(x, emb, text, added)
            skips.append(x)
        return x, skips

    def middle(self, x, emb, text):
        return self.unet.mid_block(x, emb, encoder_hidden_states=text)

    def go_up(self, x, skips, emb, text, added, deep=None):
        """`deep`: a list that what enters each station is put into, by its depth (the last station is 1)."""
        for station in self.up[self.depth - len(skips) :]:
            if deep is not None:
                deep[len(skips)] = x
            x = station(torch.cat([x, skips.pop()], 1), emb, text, added)
        return self.unet.conv_out(self.unet.conv_act(self.unet.conv_norm_out(x)))

    def whole(self, x, t, text, added=None):
        """(output, what later calls take: inner values by depth, skips, the middle's output)"""
        emb = self.embed(x, t, text, added)
        x, skips = self.go_down(x, emb, text, added, self.depth)
        x = self.middle(x, emb, text)
        deep = {}
        kept = {'skips': list(skips), 'middle': x, 'deep': deep}
        return self.go_up(x, skips, emb, text, added, deep), kept

    def shallow(self, x, t, text, inner, depth, added=None):
        emb = self.embed(x, t, text, added)
        _, skips = self.go_down(x, emb, text, added, depth)
        return self.go_up(inner, skips, emb, text, added)

    def without_down(self, x, t, text, kept, added=None):
        emb = self.embed(x, t, text, added)
        return self.go_up(kept['middle'], list(kept['skips']), emb, text, added)

    def parameters_of(self, depth: int) -> tuple[int, int]:
        """(of what a shallow call runs, of its way down): the second is what two graphs hold twice, whole calls being inner and shallow in turn."""
        count = lambda modules: sum(p.numel() for module in modules for p in module.parameters())
        ways = [[self.unet.conv_in], []]
        for block in self.unet.down_blocks:
            for k, resnet in enumerate(block.resnets):
                ways[0].append(torch.nn.ModuleList([resnet, *([block.attentions[k]] if hasattr(block, 'attentions') else [])]))
            ways[0].extend(block.downsamplers or [])
        for block in self.unet.up_blocks:
            for k, resnet in enumerate(block.resnets):
                samplers = block.upsamplers or [] if k == len(block.resnets) - 1 else []
                ways[1].append(torch.nn.ModuleList([resnet, *([block.attentions[k]] if hasattr(block, 'attentions') else []), *samplers]))
        down, up = count(ways[0][:depth]), count(ways[1][-depth:])
        return down + up + count([self.unet.conv_out, self.unet.conv_norm_out, self.unet.time_embedding]), down


def flops(call) -> int:
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        call()
    return counter.get_total_flops()


def shares(stations: Stations, x, t, text, added=None) -> dict:
    """What each kind of call computes, of a whole one's: by depth of a shallow call, and 'up' for one without its way down."""
    with torch.no_grad():
        _, kept = stations.whole(x, t, text, added)
    whole = flops(lambda: stations.whole(x, t, text, added))
    found = {
        depth: flops(lambda: stations.shallow(x, t, text, kept['deep'][depth], depth, added)) / whole
        for depth in range(1, stations.depth)
    }
    found['up'] = flops(lambda: stations.without_down(x, t, text, kept, added)) / whole
    found['whole'] = whole / 2
    return found


SD15 = {'cross_attention_dim': 768, 'attention_head_dim': 8, 'block_out_channels': (320, 640, 1280, 1280)}
SDXL = {
    'cross_attention_dim': 2048,
    'attention_head_dim': (5, 10, 20),
    'block_out_channels': (320, 640, 1280),
    'down_block_types': ('DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'),
    'up_block_types': ('CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'),
    'transformer_layers_per_block': (1, 2, 10),
    'use_linear_projection': True,
    'addition_embed_type': 'text_time',
    'addition_time_embed_dim': 256,
    'projection_class_embeddings_input_dim': 2816,
}


def main() -> None:
    """Prints what the parts of the published U-Nets are, with guidance (two rows); nothing is computed for it."""
    from diffusers import UNet2DConditionModel

    print('| U-Net, cells | depth | of a call | parameters, millions | on its way down |\n| --- | --- | --- | --- | --- |')
    for name, config, side in (('SD 1.5', SD15, 64), ('SD 1.5', SD15, 128), ('SDXL', SDXL, 128)):
        with torch.device('meta'):
            stations = Stations(UNet2DConditionModel(**config).eval())
            added = {'text_embeds': torch.empty(2, 1280), 'time_ids': torch.empty(2, 6)} if name == 'SDXL' else None
            text = torch.empty(2, 77, config['cross_attention_dim'])
            found = shares(stations, torch.empty(2, 4, side, side), torch.empty(2), text, added)
        for depth in range(1, stations.depth):
            run, down = (count / 1e6 for count in stations.parameters_of(depth))
            print(f'| {name}, {side} | {depth} | {100 * found[depth]:.1f} % | {run:.1f} | {down:.2f} |')
        print(f'| {name}, {side} | without its way down | {100 * found["up"]:.1f} % of {found["whole"] / 1e9:.0f} | | |')


if __name__ == '__main__':
    main()
