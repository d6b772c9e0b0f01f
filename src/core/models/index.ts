export * from './autoencoder-config';
export * from './autoencoder-decoder';
export * from './autoencoder-encoder';
export * from './clip-text';
export * from './families';
export { sizeWaves, timestepWave } from './time-embedding';
export * from './unet';
export * from './unet-config';
