/** What the graphs of a model are built from. */
import type { AutoencoderConfig, ClipTextConfig, TinyAutoencoderConfig, UnetConfig } from '../core/networks';

export interface GraphConfigs {
  text: ClipTextConfig;
  /** SDXL's second. */
  text2: ClipTextConfig | undefined;
  unet: UnetConfig;
  vae: AutoencoderConfig;
  /** For previews, where the model has one. */
  taesd?: TinyAutoencoderConfig;
}
