// A small schema language for statement bodies: it checks canonical JSON and prints JSON Schema (2020-12) for the API document.
// Own code because the charter may depend on nothing: these checks are part of the rules and must never change under an old log.
// The trap: no regular-expression classes that depend on Unicode tables; identifiers are ASCII.
import { fromBase64, type Json } from '@madang/trust';

/** Where and why a value does not fit, e.g. `body.rounds: must be an integer from 1 to 64`. */
export class SchemaError extends Error {
  readonly path: string;
  constructor(path: string, why: string) {
    super(`${path}: ${why}`);
    this.path = path;
  }
}

export interface Schema<T> {
  /** Returns the value as T or throws SchemaError naming the path. */
  parse(value: Json | undefined, path: string): T;
  readonly json: Readonly<Record<string, unknown>>;
  readonly optional?: true;
}

export type Infer<S> = S extends Schema<infer T> ? T : never;

function text(json: Record<string, unknown>, why: string, fits: (s: string) => boolean): Schema<string> {
  return {
    json: { type: 'string', ...json },
    parse(value, path) {
      if (typeof value !== 'string' || !fits(value)) throw new SchemaError(path, why);
      return value;
    },
  };
}

const matches = (pattern: RegExp, why: string) =>
  text({ pattern: pattern.source }, why, s => {
    pattern.lastIndex = 0;
    return pattern.test(s);
  });

/** SHA-256 digests, statement ids, key ids: 64 lower-case hexadecimal digits. */
export const digest = matches(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
const HANDLE = /^[a-z0-9][a-z0-9._:-]{0,63}$/;
/** The one text of this form that every object answers to: a record would seem to hold it. */
const NO_HANDLE = 'constructor';
/** Handles of organisations, datasets, units, periods: ASCII, 1 to 64 characters. */
export const handle = text(
  { pattern: HANDLE.source, not: { const: NO_HANDLE } },
  `must be a handle: a-z, 0-9 and ._:- , at most 64, and not "${NO_HANDLE}"`,
  s => HANDLE.test(s) && s !== NO_HANDLE,
);
/** A calendar day, ISO 8601. */
export const day = matches(/^[0-9]{4}-[0-1][0-9]-[0-3][0-9]$/, 'must be a day as YYYY-MM-DD');
/** ISO 3166 alpha-2 code of a legal home; `XZ` is used for international territory. */
export const home = matches(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166)');
export const base64 = (bytes: number) =>
  text({ contentEncoding: 'base64' }, `must be ${bytes} bytes as base64`, s => {
    // The length of the text alone lets one byte more through, in place of the padding.
    if (s.length !== Math.ceil(bytes / 3) * 4) return false;
    try {
      return fromBase64(s).length === bytes;
    } catch {
      return false;
    }
  });
/** Free text of at most `max` UTF-16 units. */
export const line = (max: number) =>
  text({ maxLength: max }, `must be text of 1 to ${max} characters`, s => s.length >= 1 && s.length <= max);
export const asciiLine = (max: number) =>
  text({ maxLength: max }, `must be printable ASCII of 1 to ${max} characters`, s => {
    if (s.length < 1 || s.length > max) return false;
    for (let i = 0; i < s.length; i++) if (s.charCodeAt(i) < 32 || s.charCodeAt(i) > 126) return false;
    return true;
  });

export function integer(minimum: number, maximum: number): Schema<number> {
  return {
    json: { type: 'integer', minimum, maximum },
    parse(value, path) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum || value > maximum)
        throw new SchemaError(path, `must be an integer from ${minimum} to ${maximum}`);
      return value;
    },
  };
}

export function oneOf<const T extends string>(...values: readonly T[]): Schema<T> {
  return {
    json: { enum: values },
    parse(value, path) {
      if (typeof value !== 'string' || !(values as readonly string[]).includes(value))
        throw new SchemaError(path, `must be one of ${values.join(', ')}`);
      return value as T;
    },
  };
}

export function list<T>(of: Schema<T>, minimum: number, maximum: number): Schema<readonly T[]> {
  return {
    json: { type: 'array', items: of.json, minItems: minimum, maxItems: maximum },
    parse(value, path) {
      if (!Array.isArray(value) || value.length < minimum || value.length > maximum)
        throw new SchemaError(path, `must be a list of ${minimum} to ${maximum}`);
      return value.map((v, i) => of.parse(v as Json, `${path}[${i}]`));
    },
  };
}

export function optional<T>(of: Schema<T>): Schema<T | undefined> & { optional: true } {
  return { json: of.json, optional: true, parse: (v, path) => (v === undefined ? undefined : of.parse(v, path)) };
}

type Shape = Readonly<Record<string, Schema<unknown>>>;
type Parsed<S extends Shape> = { readonly [K in keyof S]: Infer<S[K]> };

/** An object with exactly these members; unknown ones are refused, so that a typing error is never silently ignored. */
export function object<S extends Shape>(shape: S): Schema<Parsed<S>> {
  const names = Object.keys(shape);
  return {
    json: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(names.map(n => [n, shape[n].json])),
      required: names.filter(n => !shape[n].optional),
    },
    parse(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new SchemaError(path, 'must be an object');
      const given = value as Record<string, Json>;
      for (const name of Object.keys(given))
        if (!Object.hasOwn(shape, name)) throw new SchemaError(`${path}.${name}`, 'is not a member of this statement');
      const out: Record<string, unknown> = {};
      for (const name of names) {
        if (!Object.hasOwn(given, name) && !shape[name].optional)
          throw new SchemaError(`${path}.${name}`, 'is missing');
        const v = shape[name].parse(Object.hasOwn(given, name) ? given[name] : undefined, `${path}.${name}`);
        if (v !== undefined) out[name] = v;
      }
      return out as Parsed<S>;
    },
  };
}

/** Exactly one of several objects, told apart by the member `kind`. */
export function variant<A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> {
  return {
    json: { oneOf: [a.json, b.json] },
    parse(value, path) {
      try {
        return a.parse(value, path);
      } catch (first) {
        try {
          return b.parse(value, path);
        } catch {
          throw first;
        }
      }
    },
  };
}
