export * from './checkpoint';
export * from './evaluate';
export * from './fill';
