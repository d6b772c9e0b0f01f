/** Said where the line takes no more. */
export const LINE_FULL = 'The line is full: let one finish, or cancel.';
