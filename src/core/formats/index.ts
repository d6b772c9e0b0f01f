export * from './byte-source';
export * from './open-tensor-file';
export * from './safetensors';
export * from './tensor-file';
