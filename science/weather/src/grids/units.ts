// Units as forecast files write them (CF, GRIB, plain), to those of the station files. A unit that is not known is refused, never guessed.

/** value * factor + offset; `rate`: an amount a second, to be multiplied by the seconds of a day. */
export interface Conversion {
  readonly factor: number;
  readonly offset: number;
  readonly rate?: true;
}

const times = (factor: number): Conversion => ({ factor, offset: 0 });
const TO: Readonly<Record<string, readonly (readonly [RegExp, Conversion])[]>> = {
  'deg C': [
    [/^(k|kelvins?|deg_?k)$/, { factor: 1, offset: -273.15 }],
    [/^(c|°c|deg_?c|celsius|degrees?_?c(elsius)?)$/, times(1)],
    [/^(f|°f|deg_?f|fahrenheit|degrees?_?f(ahrenheit)?)$/, { factor: 5 / 9, offset: -160 / 9 }],
  ],
  'm/s': [
    [/^(m\/s|ms-1|mpers)$/, times(1)],
    [/^(km\/h|kmh-1|kph)$/, times(1 / 3.6)],
    [/^(kn|kts?|knots?)$/, times(1852 / 3600)],
    [/^mph$/, times(0.44704)],
  ],
  '1000 hPa': [
    [/^pa(scals?)?$/, times(1e-5)],
    [/^(hpa|mbars?|mb|millibars?)$/, times(1e-3)],
    [/^kpa$/, times(1e-2)],
    [/^1000hpa$/, times(1)],
  ],
  cm: [
    [/^(m|metres?|meters?|mofwaterequivalent)$/, times(100)],
    [/^(mm|millimet(er|re)s?|kgm-2|kg\/m2|kg\/m\^2)$/, times(0.1)],
    [/^cm$/, times(1)],
    [/^(in|inch|inches)$/, times(2.54)],
    [/^(kgm-2s-1|kg\/m2\/s|mm\/s|mms-1)$/, { factor: 0.1, offset: 0, rate: true }],
    [/^(mm\/h|mmh-1|mm\/hr|mm\/hour)$/, { factor: 0.1 / 3600, offset: 0, rate: true }],
    [/^(m\/s|ms-1)$/, { factor: 100, offset: 0, rate: true }],
  ],
};

/** Units are compared without blanks, stars, dots and carets; undefined when there is no way from one to the other. */
export function conversion(from: string, to: string): Conversion | undefined {
  const plain = from.toLowerCase().replace(/\*\*|[\s.·^]/g, '');
  return TO[to]?.find(([r]) => r.test(plain))?.[1];
}

export const knownUnits = (to: string): string =>
  ({
    'deg C': 'K, deg C, deg F',
    'm/s': 'm/s, km/h, knots, mph',
    '1000 hPa': 'Pa, hPa, kPa',
    cm: 'm, mm, cm, kg m-2, inches, or a rate such as kg m-2 s-1',
  })[to] ?? to;
