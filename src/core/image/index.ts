export * from './latent-preview';
export * from './pixels';
export * from './tiles';
