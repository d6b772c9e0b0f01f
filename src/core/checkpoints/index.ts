export { isAddOn } from './add-ons';
export * from './checkpoint';
export * from './open-checkpoint';
export * from './opened';
