/** Other things that lie in folders of LoRAs, and LoRAs for models that Gesso does not run: named by their keys, with the way out. */
import { whatRuns } from '../families/what-runs';

interface ForeignAdapter {
  /** What it is, to follow "this is ". */
  name: string;
  /** One of these finds a line of the list of keys. */
  keys: RegExp;
  /** Follows the name; which models it might be for, where nothing is said. */
  wayOut?: string;
}

const OTHER_PROGRAM = 'use it with the program it was made for';
const UNDER_CONTROL = 'it goes into no prompt: add its file by itself, and choose it for a unit of Control';
const CONVERT = 'it has no names of layers: convert it to .safetensors with the tool that made it';

/** The first that matches is taken: special ones stand above general ones. */
const FOREIGN_ADAPTERS: readonly ForeignAdapter[] = [
  { name: 'a Control-LoRA, which is a ControlNet', keys: /^lora_controlnet$/m, wayOut: UNDER_CONTROL },
  {
    name: 'a ControlNet-LLLite',
    keys: /^(control)?lllite_/m,
    wayOut: 'Gesso runs whole ControlNets, Control-LoRAs and T2I-Adapters: take one of these',
  },
  {
    name: 'a ControlNet',
    keys: /^(control_model|controlnet_blocks|controlnet_cond_embedding|input_hint_block|control_net)\./m,
    wayOut: UNDER_CONTROL,
  },
  {
    name: 'a motion LoRA of AnimateDiff',
    keys: /[._](motion_modules|temporal_transformer)[._]/m,
    wayOut: 'it moves pictures, which Gesso does not yet: an ordinary LoRA for the same model works',
  },
  {
    name: 'an IP-Adapter',
    keys: /^(ip_adapter|image_proj)\.|^\d+\.(to_(q|k|v|out)_lora|to_[kv]_ip)\./m,
    wayOut: 'it reads pictures and goes into no prompt: add its file by itself, and choose it for a unit of Control',
  },
  { name: 'a LoRA of cloneofsimo’s first format', keys: /^(\w+:\d+:(up|down|rank)|\d+)$/m, wayOut: CONVERT },
  {
    name: 'a hypernetwork',
    keys: /^(320|640|768|1024|1280|2048)\.[01]\./m,
    wayOut: `hypernetworks are not supported yet: ${OTHER_PROGRAM}`,
  },
  {
    name: 'a T2I-Adapter',
    keys: /^(adapter\.)?body\.\d+\.(block|resnets|in_conv)/m,
    wayOut: UNDER_CONTROL,
  },
  { name: 'a LoRA for Chroma', keys: /(^|[._])distilled_guidance_layer[._]/m },
  { name: 'a LoRA for HiDream', keys: /(^|[._])double_stream_blocks[._]\d/m },
  { name: 'a LoRA for HunyuanVideo', keys: /(^|\.)double_blocks\.\d+\.(img|txt)_attn_qkv\./m },
  { name: 'a LoRA for FLUX.2', keys: /(^|[._])(double|single)_stream_modulation/m },
  { name: 'a LoRA for Anima or Cosmos', keys: /(^|[._])(llm_adapter|net[._]blocks|adaln_modulation_\w+)[._]/m },
  {
    name: 'a LoRA for Flux',
    keys: /(^|[._])((double|single)_blocks[._]\d+[._]|single_transformer_blocks[._]\d+[._])/m,
  },
  { name: 'a LoRA for AuraFlow', keys: /(^|[._])(joint_transformer_blocks|double_layers)[._]\d/m },
  { name: 'a LoRA for Qwen-Image', keys: /(^|[._])transformer_blocks[._]\d+[._](img|txt)_(mod|mlp)/m },
  { name: 'a LoRA for Stable Diffusion 3', keys: /joint_blocks[._]\d+|^lora_te3_/m },
  {
    name: 'a LoRA for Stable Diffusion 3 or Qwen-Image',
    keys: /[._]attn[._](add_[qkv]_proj|to_add_out)/m,
  },
  {
    name: 'a LoRA for Wan',
    keys: /(?:^|\.|lora_unet_|lycoris_)blocks[._]\d+[._](self_attn|cross_attn|ffn|attn[12])[._]/m,
  },
  { name: 'a LoRA for Lumina or Z-Image', keys: /(^|[._])layers[._]\d+[._](attention|feed_forward)[._]/m },
  { name: 'a LoRA for Stable Cascade', keys: /^lora_prior_|(^|[._])(down|up)_blocks[._]\d[._]\d+[._]channelwise/m },
  { name: 'a LoRA for PixArt', keys: /[._](adaln_single|caption_projection)[._]/m },
  {
    name: 'a LoRA for a transformer model',
    keys: /^(transformer|lora_transformer)[._]|^(base_model\.model\.|diffusion_model\.|model\.)?transformer_blocks\.\d+\./m,
  },
  {
    name: 'an adapter of a kind that PEFT alone has (IA3, or OFT as it was before PEFT 0.15)',
    keys: /\.(oft_r|ia3_l)(\.|$)/m,
    wayOut: 'merge it into the model with PEFT, or take a LoRA',
  },
  {
    name: 'an OFT of OneTrainer with scaled blocks',
    keys: /\.(oft_R\.)?scaled_oft(_metadata)?$/m,
    wayOut:
      'its versions scale them by different numbers, and the file does not say which: train it without "scaled OFT", or take a LoRA',
  },
  {
    name: 'a T-LoRA of LyCORIS',
    keys: /\.lambda_layer$/m,
    wayOut:
      'what its factors were when training began is not in the file: merge it into the model with LyCORIS, or take a LoRA',
  },
  {
    name: 'an adapter of VeRA',
    keys: /(^|\.)vera_lambda_[bd]/m,
    wayOut: 'its matrices are not in the file: save it merged, as a LoRA',
  },
];

const wayOutOfFamily = (): string => `Gesso runs ${whatRuns()}: take a version of it for one of these`;

/** @returns "a LoRA for Flux; Gesso runs ..." */
export function foreignAdapter(keys: Iterable<string>): string | undefined {
  const lines = [...keys].join('\n');
  const found = FOREIGN_ADAPTERS.find((foreign) => foreign.keys.test(lines));
  return found && `${found.name}; ${found.wayOut ?? wayOutOfFamily()}`;
}
