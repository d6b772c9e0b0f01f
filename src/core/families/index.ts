export * from './family';
export * from './table';
