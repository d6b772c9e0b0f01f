/** A pickle that is none; whoever reads the file adds its name. */
export class PickleError extends Error {}
