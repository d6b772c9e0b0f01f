export * from './incomplete-beta';
export * from './linspace';
export * from './round-half-even';
export * from './standard-deviation';
