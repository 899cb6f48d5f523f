// An invented grid of two regions for the page of a hub that has no grid of its own: cheap power in the north, load in the south, and a tie line
// between them that is at its limit, so that prices part. Made for this page; it describes no country.
export const EXAMPLE_NAME = 'two regions (invented)';
export const EXAMPLE_CASE = `function mpc = two_regions
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
1 3 40 10 0 0 1 1 0 220 1 1.08 0.94;
2 2 60 15 0 0 1 1 0 220 1 1.08 0.94;
3 1 90 25 0 0 1 1 0 220 1 1.08 0.94;
4 1 30 8 0 0 1 1 0 220 1 1.08 0.94;
5 1 120 35 0 0 1 1 0 220 1 1.08 0.94;
6 2 150 40 0 0 1 1 0 220 1 1.08 0.94;
7 1 110 30 0 0 1 1 0 220 1 1.08 0.94;
8 2 70 20 0 0 1 1 0 220 1 1.08 0.94;
9 1 50 12 0 0 1 1 0 220 1 1.08 0.94;
];
mpc.gen = [
1 200 0 200 -150 1 100 1 420 0;
2 150 0 150 -100 1 100 1 260 0;
6 150 0 180 -120 1 100 1 320 0;
8 100 0 120 -80 1 100 1 200 0;
];
mpc.gencost = [
2 0 0 3 0.01 12 0;
2 0 0 3 0.02 18 0;
2 0 0 3 0.03 44 0;
2 0 0 3 0.04 58 0;
];
mpc.branch = [
1 2 0.010 0.060 0.04 260 0 0 0 0 1 -60 60;
1 3 0.012 0.080 0.05 220 0 0 0 0 1 -60 60;
2 4 0.010 0.070 0.04 220 0 0 0 0 1 -60 60;
3 4 0.015 0.090 0.04 180 0 0 0 0 1 -60 60;
4 5 0.012 0.080 0.05 140 0 0 0 0 1 -60 60;
3 9 0.020 0.110 0.05 110 0 0 0 0 1 -60 60;
5 6 0.010 0.060 0.04 240 0 0 0 0 1 -60 60;
6 7 0.010 0.070 0.04 220 0 0 0 0 1 -60 60;
7 8 0.012 0.070 0.04 180 0 0 0 0 1 -60 60;
5 8 0.014 0.090 0.05 160 0 0 0 0 1 -60 60;
9 7 0.016 0.090 0.04 140 0 0 0 0 1 -60 60;
];
`;
