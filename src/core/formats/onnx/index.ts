export * from './external-data';
export * from './split-onnx';
export type { SplitOptions } from './splitting';
