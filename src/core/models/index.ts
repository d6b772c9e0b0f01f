export * from './autoencoder-kl';
export * from './clip-text';
export { sizeWaves, timestepWave } from './time-embedding';
export * from './unet';
export * from './unet-config';
