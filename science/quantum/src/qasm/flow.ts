// How a statement ended.
export const NEXT = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const RETURN = 3;
export const END = 4;
export type Flow = 0 | 1 | 2 | 3 | 4;

/** `end` inside a subroutine ends the program. */
export class EndOfProgram extends Error {}
