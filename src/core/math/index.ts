export * from './linspace';
