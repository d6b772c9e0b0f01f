/** The components a model can have, by the names of their folders in the hub's layout. */

export type ComponentId =
  'text_encoder' | 'text_encoder_2' | 'unet' | 'vae_decoder' | 'vae_encoder' | 'taesd_decoder' | 'taesd_encoder';
