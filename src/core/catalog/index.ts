export * from './catalog';
export * from './family-defaults';
export * from './hub-files';
export * from './onnx-export';
export * from './parse-catalog';
export * from './read-address';
export * from './stored-as';
export * from './verdict';
