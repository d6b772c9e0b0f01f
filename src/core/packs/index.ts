export * from './assert-pack';
export { assertShard } from './assert-shard';
export * from './dtype-plans';
export * from './import-checkpoint';
export * from './import-onnx';
export * from './open-weights';
export * from './pack';
export * from './pack-io';
export * from './parse-pack';
