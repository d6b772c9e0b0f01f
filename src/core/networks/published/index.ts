export * from './published';
export * from './table';
