/** Files of today's models: each by the name that people know it by. */
import { describe, expect, it } from 'vitest';
import { foreignAdapter } from '../adapters/foreign-adapters';
import { foreignModel } from './foreign-models';

describe('foreignModel', () => {
  it.each<[string, readonly string[]]>([
    ['a Wan model', ['blocks.0.attn1.to_q.weight', 'condition_embedder.time_embedder.linear_1.weight']],
    ['an Anima model', ['net.blocks.0.x.weight', 'net.llm_adapter.blocks.0.x.weight']],
    ['a Cosmos model', ['net.x_embedder.proj.1.weight']],
    ['a CogVideoX model', ['transformer_blocks.0.norm1.linear.weight', 'patch_embed.text_proj.weight']],
    ['a Mochi model', ['blocks.0.attn.qkv_x.weight', 't5_yproj.weight']],
    ['an OmniGen model', ['ref_image_refiner.0.attn.to_q.weight', 'time_caption_embed.caption_embedder.0.weight']],
    ['a Lumina or Z-Image model', ['time_caption_embed.caption_embedder.0.weight', 'noise_refiner.0.x.weight']],
    ['a Hunyuan Image model', ['transformer_blocks.0.attn.to_q.weight', 'context_embedder_2.linear_1.weight']],
    ['a Kandinsky 5 model', ['visual_transformer_blocks.0.self_attention.to_query.weight']],
    ['a DeepFloyd IF model', ['encoder_hid_proj.weight', 'add_embedding.pool.positional_embedding']],
    ['a model with 4-bit weights (SVDQuant)', ['x.to_qkv.qweight', 'x.to_qkv.wscales']],
    ['a ControlNet', ['controlnet_blocks.0.weight', 'transformer_blocks.0.img_mod.1.weight']],
    ['a Redux model of Flux', ['redux_up.weight', 'redux_down.weight']],
    ['an IP-Adapter for Flux', ['double_blocks.0.processor.ip_adapter_double_stream_k_proj.weight']],
    ['a DINOv2 image encoder', ['embeddings.cls_token', 'encoder.layer.0.attention.attention.query.weight']],
    ['a CLIP image encoder', ['vision_model.embeddings.class_embedding', 'visual_projection.weight']],
    ['a predictor of aesthetics', ['layers.0.weight', 'layers.2.weight']],
    ['a segmentation model', ['image_encoder.trunk.patch_embed.proj.weight', 'sam_mask_decoder.x.weight']],
    ['an ACE-Step model', ['transformer_blocks.0.attn.to_q.weight', 'lyric_encoder.embed.0.weight']],
  ])('names %s', (name, keys) => expect(foreignModel(keys)).toMatch(name));
});

describe('foreignAdapter', () => {
  const kohya = (layer: string): string => `lora_unet_${layer}.lora_down.weight`;
  const peft = (layer: string): string => `${layer}.lora_A.weight`;
  it.each<[string, string]>([
    ['Qwen-Image', 'transformer_blocks.0.img_mod.1.lora_A.default.weight'],
    ['Stable Diffusion 3 or Qwen-Image', peft('transformer_blocks.0.attn.add_q_proj')],
    ['Wan', peft('transformer.blocks.0.attn1.to_q')],
    ['Wan', kohya('blocks_0_self_attn_q')],
    ['HunyuanVideo', peft('transformer.double_blocks.0.img_attn_qkv')],
    ['Chroma', kohya('distilled_guidance_layer_layers_0_in_layer')],
    ['HiDream', peft('diffusion_model.double_stream_blocks.0.block.attn1.to_q')],
    ['FLUX.2', peft('diffusion_model.double_stream_modulation_img.lin')],
    ['Anima or Cosmos', kohya('llm_adapter_blocks_0_x')],
    ['AuraFlow', peft('transformer.joint_transformer_blocks.0.attn.to_q')],
    ['a transformer model', peft('diffusion_model.transformer_blocks.0.attn1.to_q')],
    ['a transformer model', peft('base_model.model.transformer_blocks.0.attn1.to_q')],
  ])('names a LoRA for %s', (name, key) => expect(foreignAdapter([key])).toMatch(`a LoRA for ${name};`));

  it.each([
    kohya('down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q'),
    kohya('input_blocks_4_1_transformer_blocks_0_attn2_to_k'),
    peft('unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k'),
    'lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight',
  ])('leaves %s alone', (key) => expect(foreignAdapter([key])).toBeUndefined());
});
