// What the planner takes of PyPSA's attributes beyond the basics, each on a network small enough to reckon by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interiorSolver } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { sweepCap } from './alternatives.ts';
import { buildPlan } from './program.ts';
import { readFolder } from './read-folder.ts';
import { solvePlan } from './solve.ts';
import { lineType, transformerType } from './standard-types.ts';

/** One bus, a load of 100 MW in four snapshots, a dear generator; `more` adds to it. */
const one = (more: Record<string, string>) =>
  readFolder(
    new Map(
      Object.entries({
        'snapshots.csv': `,snapshot,objective,stores,generators\n${[0, 1, 2, 3].map(t => `${t},${t},1,1,1`).join('\n')}\n`,
        'buses.csv': 'name,v_nom\nbus,380\n',
        'generators.csv': 'name,bus,p_nom,marginal_cost\ndear,bus,500,50\n',
        'loads.csv': 'name,bus,p_set\nload,bus,100\n',
        ...more,
      }),
    ),
  );

const solve = (more: Record<string, string>) => {
  const r = solvePlan(buildPlan(one(more)), interiorSolver);
  assert.equal(r.status, 'optimal', r.detail);
  return r;
};

const close = (a: number | undefined, b: number) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) < 1e-4 * (1 + Math.abs(b)), `${a}, ${b} expected`);

test('a given capacity is built, whatever it costs', () => {
  const r = solve({
    'generators.csv':
      'name,bus,p_nom,p_nom_extendable,p_nom_set,capital_cost,marginal_cost\ndear,bus,500,False,,0,50\nset,bus,0,True,30,1000,40\n',
  });
  close(r.capacities['generators'].get('set'), 30);
  close(r.objective, 30 * 1000 + 4 * (30 * 40 + 70 * 50));
});

test('a delayed link brings power later, around the end or lost there', () => {
  const link = (cyclic: string) => ({
    'buses.csv': 'name\nbus\nfar\n',
    'generators.csv': 'name,bus,p_nom,marginal_cost\ndear,bus,500,50\nfar,far,100,1\n',
    'generators-p_max_pu.csv': ',far\n0,0\n1,0\n2,0\n3,1\n',
    'links.csv': `name,bus0,bus1,p_nom,delay,cyclic_delay\nslow,far,bus,80,2,${cyclic}\n`,
  });
  close(solve(link('True')).objective, 80 * 1 + (400 - 80) * 50);
  close(solve(link('False')).objective, 400 * 50);
});

test('a process has a rate at every bus', () => {
  const r = solve({
    'buses.csv': 'name\nbus\nfuel\nheat\n',
    'generators.csv': 'name,bus,p_nom,marginal_cost\ndear,bus,500,50\nwell,fuel,500,10\nboiler,heat,50,30\n',
    'loads.csv': 'name,bus,p_set\nload,bus,100\nheat,heat,20\n',
    'processes.csv': 'name,bus0,bus1,bus2,rate0,rate1,rate2,p_nom\nchp,fuel,bus,heat,-2,1,0.4,50\n',
  });
  // Each hour: 50 MW of power and 20 MW of heat for 100 MW of fuel.
  close(r.objective, 4 * (100 * 10 + 50 * 50));
});

test('limits of a carrier at a bus and of its growth', () => {
  const wind = 'wind,bus,wind,0,True,1,0\n';
  const head = 'name,bus,carrier,p_nom,p_nom_extendable,capital_cost,marginal_cost\ndear,bus,,500,False,0,50\n';
  const r = solve({
    'buses.csv': 'name,nom_max_wind\nbus,25\n',
    'carriers.csv': 'name\nwind\n',
    'generators.csv': head + wind,
  });
  close(r.capacities['generators'].get('wind'), 25);
  const years = solve({
    'snapshots.csv':
      ',period,timestep,objective,stores,generators\n0,2030,0,1,1,1\n1,2030,1,1,1,1\n2,2040,0,1,1,1\n3,2040,1,1,1,1\n',
    'investment_periods.csv': 'period,objective,years\n2030,1,10\n2040,1,10\n',
    'carriers.csv': 'name,max_growth,max_relative_growth\nwind,20,1.5\n',
    'generators.csv':
      'name,bus,carrier,p_nom,p_nom_extendable,capital_cost,marginal_cost,build_year,lifetime\ndear,bus,,500,False,0,50,2000,100\na,bus,wind,0,True,1,0,2030,100\nb,bus,wind,0,True,1,0,2040,100\n',
  });
  close(years.capacities['generators'].get('a'), 20);
  close(years.capacities['generators'].get('b'), 20 + 1.5 * 20);
});

test('angle limits bound flows; a chosen phase shift frees them', () => {
  const ring = (transformer: string, limit: string) => ({
    'buses.csv': 'name,v_nom\nbus,100\nfar,100\n',
    'generators.csv': 'name,bus,p_nom,marginal_cost\ndear,bus,500,50\nfar,far,500,10\n',
    // 100 ohm at 100 kV: 0.01 per unit a MW, so one degree is pi/180/0.01 MW.
    'lines.csv': `name,bus0,bus1,x,s_nom,v_ang_max\nline,far,bus,100,60,${limit}\n`,
    'transformers.csv': transformer,
  });
  const none = 'name,bus0,bus1,x,s_nom\n';
  const degree = Math.PI / 180 / 0.01;
  close(solve(ring(none, '2')).objective, 4 * (10 * 2 * degree + 50 * (100 - 2 * degree)));
  // Beside a transformer of half the impedance the line gets half of its flow; a shifter shares freely.
  const pair = (shift: string) => `name,bus0,bus1,x,s_nom,phase_shift_min,phase_shift_max\nt,far,bus,0.2,40,${shift}\n`;
  close(solve(ring(pair('0,0'), 'inf')).objective, 4 * (10 * 60 + 50 * 40));
  close(solve(ring(pair('-60,60'), 'inf')).objective, 4 * (10 * 100));
  assert.throws(() => solve(ring(pair('-60,inf'), 'inf')), /finite phase_shift_min and phase_shift_max/);
});

test("a store's carrier is that of its bus; a cap counts what leaves it, over all years or year by year", () => {
  const tank = (year: string, perPeriod: string) => ({
    'snapshots.csv': `,period,timestep,objective,stores,generators\n0,2030,0,1,1,1\n1,2030,1,1,1,1\n2,2040,0,1,1,1\n3,2040,1,1,1,1\n`,
    'investment_periods.csv': `period,objective,years\n2030,1,${year}\n2040,1,${year}\n`,
    'buses.csv': 'name,v_nom,carrier\nbus,380,AC\noil,1,oil\n',
    'carriers.csv': 'name,co2_emissions\nAC,0\noil,2\n',
    'stores.csv': `name,bus,e_nom,e_initial,e_initial_per_period\ntank,oil,150,150,${perPeriod}\n`,
    'links.csv': 'name,bus0,bus1,p_nom\nplant,oil,bus,100\n',
    'global_constraints.csv': 'name,sense,constant,type\ncap,<=,120,primary_energy\n',
  });
  close(solve(tank('1', 'False')).objective, 50 * (400 - 60));
  close(solve(tank('1', 'True')).objective, 50 * (400 - 60));
  close(solve(tank('2', 'True')).objective, 50 * (400 - 30));
  assert.throws(() => solve(tank('2', 'False')), /e_initial_per_period/);
});

test('a limit on the cost of transmission counts every year in which a link is there, or one', () => {
  const bought = (year: string) =>
    solve({
      'snapshots.csv': `,period,timestep,objective,stores,generators\n0,2030,0,1,1,1\n1,2040,0,1,1,1\n`,
      'investment_periods.csv': 'period,objective,years\n2030,1,1\n2040,1,1\n',
      'buses.csv': 'name,v_nom\nbus,380\nfar,380\n',
      'generators.csv': 'name,bus,p_nom,marginal_cost\ndear,bus,500,50\ncheap,far,500,1\n',
      'links.csv': 'name,bus0,bus1,p_nom_extendable,capital_cost,build_year,lifetime\ntie,far,bus,True,10,2030,100\n',
      'global_constraints.csv': `name,sense,constant,type,carrier_attribute,investment_period\nlimit,<=,800,transmission_expansion_cost_limit,AC,${year}\n`,
    }).capacities['links'].get('tie');
  close(bought(''), 40);
  close(bought('2040'), 80);
});

test('a committable unit of chosen capacity runs at nothing or above its minimum', () => {
  const program = buildPlan(
    one({
      'generators.csv':
        'name,bus,p_nom,p_nom_extendable,committable,p_min_pu,capital_cost,marginal_cost\ndear,bus,500,False,False,0,0,50\nunit,bus,0,True,True,0.5,1,10\n',
    }),
  );
  assert.equal(program.model.integer?.filter(v => v === 1).length, 3 * 4);
});

test('standard types are known by name; those of the folder come first', () => {
  const network = one({
    'line_types.csv': 'name,r_per_length,x_per_length\nmine,1,2\nAl/St 240/40 4-bundle 380.0,5,6\n',
  });
  assert.deepEqual(lineType(network, 'mine'), { r: 1, x: 2 });
  assert.deepEqual(lineType(network, 'Al/St 240/40 4-bundle 380.0'), { r: 5, x: 6 });
  assert.deepEqual(lineType(network, '490-AL1/64-ST1A 380.0'), { r: 0.059, x: 0.253 });
  assert.equal(transformerType(network, '160 MVA 380/110 kV')?.vsc, 12.2);
  assert.equal(lineType(network, 'none'), undefined);
});

test('what is not supported is refused by name; what is not used is noted', () => {
  const refused = (more: Record<string, string>, message: RegExp) =>
    assert.throws(
      () => buildPlan(one(more)),
      (e: unknown) => e instanceof EnergyError && e.code === 'unsupported' && message.test(e.message),
    );
  refused({ 'loads-p_set-pw.csv': 'name,load\nattribute,x\n' }, /loads-p_set-pw.csv: PyPSA has no piecewise/);
  refused(
    {
      'generators.csv': 'name,bus,p_nom,marginal_cost_quadratic,committable\ng,bus,500,0.1,True\n',
    },
    /marginal_cost_quadratic beside whole numbers/,
  );
  refused(
    { 'generators.csv': 'name,bus,p_nom,p_nom_mod,committable\ng,bus,500,300,True\n' },
    /"g": p_nom must be a whole number of modules/,
  );
  refused({ 'buses.csv': 'scenario,name\nlow,bus\n' }, /stochastic scenarios/);
  const network = one({
    'generators.csv': 'name,bus,p_nom,marginal_cost,owner,p_nom_opt,control\ng,bus,500,5,me,3,PQ\n',
    'turbines.csv': 'name\nx\n',
  });
  assert.deepEqual(network.notes, ['turbines.csv is not used', 'generators.csv: not used: owner']);
});

test('a cap that is swept counts what stands in stores, as the program that is built with it does', () => {
  const files = (cap: number) => ({
    'carriers.csv': 'name,co2_emissions\ngas,0.5\n',
    'generators.csv': 'name,bus,carrier,p_nom,marginal_cost\ndear,bus,,500,50\n',
    'stores.csv': 'name,bus,carrier,e_nom,e_initial\ntank,bus,gas,300,200\n',
    'global_constraints.csv': `name,type,carrier_attribute,sense,constant\nco2,primary_energy,co2_emissions,<=,${cap}\n`,
  });
  const [swept] = sweepCap(buildPlan(one(files(1000))), interiorSolver, 'co2', [40]);
  close(swept.objective, solve(files(40)).objective);
  // 40 t let 80 MWh out of the tank.
  close(swept.objective, (400 - 80) * 50);
});
