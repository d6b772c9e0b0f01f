export * from './checkpoint';
export * from './opened';
