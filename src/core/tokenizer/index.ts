export * from './tokenizer';
export * from './chunks';
export * from './clean-text';
