export * from './autoencoder-kl';
export * from './clip-text';
export * from './unet';
export * from './unet-config';
