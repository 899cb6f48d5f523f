import about from '../package.json' with { type: 'json' };

/** The version of this program, as every result names it. */
export const version = (): string => about.version;
