export * from './family';
export * from './recognise';
export * from './table';
