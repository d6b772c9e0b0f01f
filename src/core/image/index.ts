export * from './latent-preview';
export * from './pixels';
