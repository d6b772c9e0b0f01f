/** Models that Gesso does not run, recognised by their tensors, so that a person learns what the file is and not only that it is unknown. */
import { whatRuns } from '../families/what-runs';

interface ForeignModel {
  /** What it is, to follow "this is ". */
  name: string;
  /** One of these finds a line of the list of names. */
  keys: RegExp;
  /** Follows the name; what Gesso does run, where there is nothing better to say. */
  wayOut?: string;
}

const NOT_QUANTISED =
  'Gesso makes its own: open the checkpoint with 16-bit or 8-bit float weights that it was made from';
const CHECKPOINTS_ONLY = 'Gesso opens checkpoints: use it with the program it was made for';

/** The first that matches is taken: special ones stand above general ones. Each is matched against the list of names, one a line. */
const FOREIGN_MODELS: readonly ForeignModel[] = [
  {
    name: 'a ControlNet',
    keys: /^control_model\.|^(control_net\.)?(controlnet_cond_embedding|input_hint_block)\.|^lora_controlnet$|^control_all_x_embedder\.|^controlnet_(blocks|mode_embedder|x_embedder)\./m,
    wayOut: 'it steers a model and is none: add it as a ControlNet, beside the checkpoint',
  },
  {
    name: 'an IP-Adapter for Flux',
    keys: /^ip_adapter_proj_model\.|\.ip_adapter_double_stream_/m,
    wayOut: CHECKPOINTS_ONLY,
  },
  { name: 'a PuLID adapter', keys: /^(id_adapter|pulid_ca|pulid_encoder)\./m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a Redux model of Flux, which reads pictures', keys: /^redux_(up|down)\./m, wayOut: CHECKPOINTS_ONLY },
  {
    name: 'an IP-Adapter',
    keys: /^(ip_adapter|image_proj)\./m,
    wayOut: 'it steers a model and is none: add it as a ControlNet, beside the checkpoint',
  },
  {
    name: 'a T2I-Adapter',
    keys: /^(adapter\.)?body\.\d+\.(block|resnets|in_conv)/m,
    wayOut: 'it steers a model and is none: add it as a ControlNet, beside the checkpoint',
  },
  {
    name: 'an AnimateDiff motion module',
    keys: /(^|\.)(motion_modules|temporal_transformer)\./m,
    wayOut: CHECKPOINTS_ONLY,
  },
  { name: 'Stable Video Diffusion', keys: /\.(time_stack|time_mixer|temporal_res_block)\b/m },
  {
    name: 'an upscaler',
    keys: /^(params(_ema)?\.)?(model\.1\.sub\.\d+\.(RDB|rdb)|body\.0\.rdb1|RRDB_trunk\.|body\.1\.weight$|layers\.0\.residual_group)/m,
    wayOut: CHECKPOINTS_ONLY,
  },
  {
    name: 'a face restorer',
    keys: /^(params_ema\.)?(stylegan_decoder|quantize\.embedding)\./m,
    wayOut: CHECKPOINTS_ONLY,
  },
  {
    name: 'a model with 4-bit weights (bitsandbytes)',
    keys: /\.(absmax|nested_absmax|quant_state\.bitsandbytes__\w+)$/m,
    wayOut: NOT_QUANTISED,
  },
  { name: 'a model with 8-bit weights (bitsandbytes)', keys: /\.(SCB|weight_format)$/m, wayOut: NOT_QUANTISED },
  { name: 'a model with 4-bit weights (SVDQuant)', keys: /\.(wscales|smooth_factor)$/m, wayOut: NOT_QUANTISED },
  { name: 'a model with 4-bit weights (GPTQ or AWQ)', keys: /\.(qweight|qzeros)$/m, wayOut: NOT_QUANTISED },
  {
    name: 'a model with quantised weights (quanto)',
    keys: /\.(weight\._data|weight_qtype|_scale_and_zero)$/m,
    wayOut: NOT_QUANTISED,
  },
  {
    name: 'a hypernetwork',
    keys: /^(320|640|768|1024|1280|2048)\.[01]\.(linear\d?|layers?)\./m,
    wayOut: 'hypernetworks are not supported yet: open the checkpoint it was made for',
  },
  { name: 'an aesthetic gradient', keys: /^(aesthetic_embedding|image_embeddings_clip)$/m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a GLIGEN model', keys: /(^|\.)(position_net|fuser)\./m },
  { name: 'a DeepFloyd IF model', keys: /(^|\.)add_embedding\.pool\./m },
  { name: 'a Kolors model', keys: /(^|\.)encoder_hid_proj\.weight$/m },
  { name: 'a PhotoMaker adapter', keys: /^(id_encoder|fuse_module)\./m, wayOut: CHECKPOINTS_ONLY },
  { name: 'an InstantID adapter', keys: /^(image_proj|ip_adapter)$/m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a style model', keys: /^style_embedding$/m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a VAE approximation of A1111', keys: /^conv8\.(weight|bias)$/m, wayOut: CHECKPOINTS_ONLY },
  {
    name: 'a segmentation model',
    keys: /^(image_encoder\.(trunk\.)?patch_embed|(sam_)?mask_decoder|model\.22\.(dfl|proto|cv2))\b/m,
    wayOut: CHECKPOINTS_ONLY,
  },
  {
    name: 'a depth or pose model',
    keys: /^(pretrained\.(model|act_postprocess)|Mconv7_stage6|depth_head)\b/m,
    wayOut: CHECKPOINTS_ONLY,
  },
  { name: 'a captioning model', keys: /^(visual_encoder\.|text_decoder\.)/m, wayOut: CHECKPOINTS_ONLY },
  {
    name: 'a DINOv2 image encoder',
    keys: /^(dinov2\.)?encoder\.layer\.0\.attention\.attention\.query\.weight$/m,
    wayOut: CHECKPOINTS_ONLY,
  },
  {
    name: 'a CLIP image encoder',
    keys: /^visual_projection\.weight$/m,
    wayOut: CHECKPOINTS_ONLY,
  },
  { name: 'a predictor of aesthetics', keys: /^layers\.0\.weight$/m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a safety checker', keys: /^concept_embeds$/m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a Kandinsky 5 model', keys: /(^|\.)(visual|text)_transformer_blocks\.0\./m },
  { name: 'a Kandinsky 2 model', keys: /(^|\.)(add_embedding\.image_norm|encoder_hid_proj\.image_embeds)\./m },
  { name: 'an ACE-Step model, which makes music', keys: /(^|\.)lyric_(encoder|embs)\./m },
  { name: 'a Stable Audio model', keys: /(^|\.)pretransform\.model\./m },
  { name: 'an Anima model', keys: /(^|\.)llm_adapter\.blocks\./m },
  { name: 'a Cosmos model', keys: /^net\.(x_embedder|t_embedder)\./m },
  { name: 'a CogVideoX model', keys: /(^|\.)patch_embed\.text_proj\./m },
  { name: 'a Mochi model', keys: /(^|\.)t5_yproj\./m },
  { name: 'an OmniGen model', keys: /(^|\.)(ref_image_refiner\.0|llm\.layers\.0\.self_attn\.qkv_proj)\./m },
  { name: 'a Hunyuan Image model', keys: /(^|\.)(byt5_in|context_embedder_2)\./m },
  { name: 'a LTX-Video model', keys: /(^|\.)patchify_proj\./m },
  { name: 'a Chroma model', keys: /(^|\.)distilled_guidance_layer\./m },
  { name: 'a HunyuanVideo model', keys: /(^|\.)individual_token_refiner\./m },
  { name: 'a FLUX.2 model', keys: /(^|\.)(single|double)_stream_modulation(_img)?\./m },
  { name: 'a HiDream model', keys: /(^|\.)double_stream_blocks\./m },
  {
    name: 'a Flux model',
    keys: /(^|\.)(double_blocks\.0\.img_attn|single_blocks\.0\.linear1|single_transformer_blocks\.0)\b/m,
  },
  { name: 'an AuraFlow model', keys: /(^|\.)(double_layers\.0|joint_transformer_blocks\.0)\./m },
  { name: 'a Stable Diffusion 3 model', keys: /(^|\.)(joint_blocks\.0|transformer_blocks\.0\.norm1_context)\./m },
  { name: 'a Qwen-Image model', keys: /(^|\.)transformer_blocks\.0\.img_mod\./m },
  { name: 'a Sana model', keys: /(^|\.)(attention_y_norm|caption_norm)\./m },
  { name: 'a PixArt model', keys: /(^|\.)(t_block\.1|adaln_single)\./m },
  { name: 'a Hunyuan-DiT model', keys: /(^|\.)(mlp_t5\.|text_embedding_padding$)/m },
  { name: 'a Lumina or Z-Image model', keys: /(^|\.)(cap_embedder|time_caption_embed)\./m },
  { name: 'a Wan model', keys: /(^|\.)(head\.modulation$|condition_embedder\.time_embedder\.)/m },
  { name: 'a Stable Cascade model', keys: /(^|\.)(clip_txt_mapper|clip_txt_pooled_mapper|effnet_mapper)\./m },
  { name: 'a Playground 2.5 model', keys: /^edm_(mean|std)$/m },
  { name: 'a CosXL model', keys: /^edm_vpred\./m },
  { name: 'an LCM model with a guidance input', keys: /(^|\.)(time_embed\.cond_proj|time_embedding\.cond_proj)\./m },
  { name: 'a T5 text encoder', keys: /^(encoder\.)?block\.0\.layer\.0\.SelfAttention\./m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a language model', keys: /^(model\.)?layers\.0\.self_attn\.q_proj\./m, wayOut: CHECKPOINTS_ONLY },
  { name: 'a GPT-2 model', keys: /^(transformer\.)?h\.0\.attn\.c_attn\./m, wayOut: CHECKPOINTS_ONLY },
];

const sentence = (): string => `Gesso runs ${whatRuns()}`;

/** CLIP's picture side is what a few checkpoints carry along; alone it is no model of ours. */
const VISION_ONLY = /^(vision_model|visual)\./;

/** @returns "a Flux model; Gesso runs Stable Diffusion 1.x, 2.x, XL and the XL refiner" */
export function foreignModel(keys: readonly string[]): string | undefined {
  const lines = keys.join('\n');
  const found = FOREIGN_MODELS.find((model) => model.keys.test(lines));
  if (found) return `${found.name}; ${found.wayOut ?? sentence()}`;
  if (keys.length > 0 && keys.every((key) => VISION_ONLY.test(key) || key === 'logit_scale'))
    return `a CLIP image encoder; ${CHECKPOINTS_ONLY}`;
  return undefined;
}
