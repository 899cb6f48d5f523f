// A three-bus case for tests, as text: two generators, a load at each bus, three branches.

/** Text of the case; tests replace parts of it. */
export function caseText(): string {
  return `function mpc = small
mpc.version = '2';
mpc.baseMVA = 100;
% bus data
mpc.bus = [
\t1\t3\t110\t40\t0\t0\t1\t1\t0\t240\t1\t1.1\t0.9;
\t2\t2\t110\t40\t0\t0\t1\t1\t0\t240\t1\t1.1\t0.9;
\t3\t1\t95\t50\t0\t0\t1\t1\t0\t240\t1\t1.1\t0.9;
];
mpc.gen = [
\t1\t131\t17\t250\t-250\t1\t100\t1\t250\t10;
\t2\t20\t0\t200\t-200\t1\t100\t1\t250\t0;
];
mpc.gencost = [
\t2\t0\t0\t3\t0.11\t5\t0;
\t2\t0\t0\t3\t0.085\t1.2\t3;
];
mpc.branch = [
\t1\t3\t0.065\t0.62\t0.45\t9000\t0\t0\t0\t0\t1\t-30\t30;
\t3\t2\t0.025\t0.75\t0.7\t50\t0\t0\t0\t0\t1\t-30\t30;
\t1\t2\t0.042\t0.9\t0.3\t9000\t0\t0\t0\t0\t1\t-30\t30;
];
`;
}
