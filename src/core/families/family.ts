/** Families of models: what is put together and painted with alike. */

export type ModelFamily = 'sd15' | 'sd21' | 'sdxl' | 'starter';
