// Constants of the Earth as the FaIR papers use them (Leach et al. 2021, GMD 14, 3007, and Smith et al. 2018, GMD 11, 2273).

/** Mass of the atmosphere, kg. */
export const MASS_ATMOSPHERE_KG = 5.1352e18;
/** Molecular weight of dry air, g/mol. */
export const MOLECULAR_WEIGHT_AIR = 28.97;
/** Radius of the Earth, m. */
export const EARTH_RADIUS_M = 6371000;
/** Length of a tropical year, s. */
export const SECONDS_PER_YEAR = 60 * 60 * 24 * 365.24219;
/** Joules per (W m-2 yr) over the whole surface of the Earth. */
export const JOULES_PER_W_M2_YEAR = EARTH_RADIUS_M ** 2 * 4 * Math.PI * SECONDS_PER_YEAR;
/** Years until a 1 %/yr rise doubles CO2. */
export const DOUBLING_TIME_1PCT_YR = Math.log(2) / Math.log(1.01);
