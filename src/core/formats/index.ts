export * from './byte-source';
export * from './safetensors';
