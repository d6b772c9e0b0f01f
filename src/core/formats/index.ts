export * from './byte-source';
export * from './open-tensor-file';
export * from './safetensors';
export * from './tensor-file';
export { splitOnnx, type OnnxTensor, type SplitOnnx } from './split-onnx';
