export * from './autoencoder-kl';
export * from './clip-text';
export { timestepWave } from './time-embedding';
export * from './unet';
export * from './unet-config';
