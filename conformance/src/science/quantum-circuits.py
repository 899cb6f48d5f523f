# Random OpenQASM 3 programs and what they mean by others' programs: states by numpy from Qiskit's gate matrices under inv, pow, ctrl and negctrl;
# counts by Qiskit Aer of circuits with measurements on the way, reset, if, for and switch over several registers, written by Qiskit's exporter.
# quantum-circuits.py SEED STATES DYNAMIC -> JSON list of {text, re, im} and {text, counts, shots}.
import cmath
import json
import math
import random
import sys

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, qasm3, transpile
from qiskit.circuit import library as lib
from qiskit_aer import AerSimulator

SHOTS = 8000
HEAD = '''OPENQASM 3.0;
include "stdgates.inc";
gate phased(a) q { gphase(a); rz(2 * a) q; }
gate pair(a) p, q { h p; cx p, q; ctrl @ rx(a) q, p; gphase(a / 3); s q; }
'''
GATES = {'h': (1, 0, lib.HGate), 'x': (1, 0, lib.XGate), 'y': (1, 0, lib.YGate), 'z': (1, 0, lib.ZGate), 's': (1, 0, lib.SGate), 'sdg': (1, 0, lib.SdgGate),
         't': (1, 0, lib.TGate), 'tdg': (1, 0, lib.TdgGate), 'sx': (1, 0, lib.SXGate), 'p': (1, 1, lib.PhaseGate), 'rx': (1, 1, lib.RXGate), 'ry': (1, 1, lib.RYGate),
         'rz': (1, 1, lib.RZGate), 'cx': (2, 0, lib.CXGate), 'cy': (2, 0, lib.CYGate), 'cz': (2, 0, lib.CZGate), 'ch': (2, 0, lib.CHGate), 'cp': (2, 1, lib.CPhaseGate),
         'crx': (2, 1, lib.CRXGate), 'cry': (2, 1, lib.CRYGate), 'crz': (2, 1, lib.CRZGate), 'swap': (2, 0, lib.SwapGate), 'ccx': (3, 0, lib.CCXGate),
         'cswap': (3, 0, lib.CSwapGate), 'cu': (2, 4, lib.CUGate)}
OWN = {'phased': (1, 1), 'pair': (2, 1), 'gphase': (0, 1), 'U': (1, 3)}
rng = random.Random(sys.argv[1])


def apply(state, n, m, qubits):
    """A matrix on some axes of a tensor; the first qubit is the lowest bit of the matrix."""
    k = len(qubits)
    axes = [n - 1 - q for q in qubits][::-1]
    out = np.tensordot(m.reshape([2] * (2 * k)), state.reshape([2] * n), axes=(list(range(k, 2 * k)), axes))
    return np.moveaxis(out, list(range(k)), axes).reshape(-1)


def matrix(name, a):
    if name == 'gphase':
        return np.array([[cmath.exp(1j * a[0])]])
    if name == 'phased':
        return np.diag([1, cmath.exp(2j * a[0])])
    if name == 'U':
        c, s = math.cos(a[0] / 2), math.sin(a[0] / 2)
        return cmath.exp(1j * a[0] / 2) * np.array([[c, -cmath.exp(1j * a[2]) * s], [cmath.exp(1j * a[1]) * s, cmath.exp(1j * (a[1] + a[2])) * c]])
    if name == 'pair':
        steps = [(lib.HGate(), [0]), (lib.CXGate(), [0, 1]), (lib.CRXGate(a[0]), [1, 0]), (lib.SGate(), [1])]
        columns = []
        for c in range(4):
            v = np.eye(4, dtype=complex)[c]
            for g, on in steps:
                v = apply(v, 2, g.to_matrix(), on)
            columns.append(v * cmath.exp(1j * a[0] / 3))
        return np.stack(columns, 1)
    return GATES[name][2](*a).to_matrix()


def controlled(m, count, value):
    size = m.shape[0] << count
    out = np.eye(size, dtype=complex)
    places = [value + (i << count) for i in range(m.shape[0])]
    out[np.ix_(places, places)] = m
    return out


def state_case():
    n = rng.randint(1, 7)
    text = f'{HEAD}qubit[{n}] q;\n'
    state = np.eye(2**n, dtype=complex)[0]
    for _ in range(rng.randint(3, 25)):
        name = rng.choice(list(GATES) + list(OWN) * 3)
        k, angles = (GATES.get(name) or OWN[name])[:2]
        a = [round(rng.uniform(-6, 6), 6) for _ in range(angles)]
        m, written = matrix(name, a), ''
        for kind in rng.choice([[], [], ['inv'], ['pow'], ['ctrl'], ['negctrl'], ['inv', 'ctrl'], ['ctrl', 'pow'], ['negctrl', 'ctrl2'], ['pow', 'ctrl', 'inv']]):
            more = {'ctrl': 1, 'negctrl': 1, 'ctrl2': 2}.get(kind, 0)
            if k + more > min(n, 5):
                continue
            k += more
            if kind == 'inv':
                m, written = m.conj().T, f'inv @ {written}'
            elif kind == 'pow':
                e = rng.choice([-3, -2, -1, 0, 2, 3, 5])
                m, written = np.linalg.matrix_power(m if e >= 0 else m.conj().T, abs(e)), f'pow({e}) @ {written}'
            else:
                m = controlled(m, more, 0 if kind == 'negctrl' else 2**more - 1)
                written = f"{'ctrl(2)' if more == 2 else kind} @ {written}"
        if k > n:
            continue
        on = rng.sample(range(n), k)
        state = apply(state, n, m, on) if k else state * m[0, 0]
        text += f"{written}{name}{'(' + ', '.join(map(str, a)) + ')' if a else ''} {', '.join(f'q[{q}]' for q in on)};\n"
    return {'text': text, 're': list(state.real), 'im': list(state.imag)}


def dynamic_case(seed):
    n = rng.randint(2, 5)
    registers = [ClassicalRegister(rng.randint(1, 3), f'c{j}') for j in range(rng.randint(1, 3))]
    qc = QuantumCircuit(QuantumRegister(n, 'q'), *registers)

    def gate():
        k, angles, make = GATES[rng.choice([g for g in GATES if GATES[g][0] <= n])]
        qc.append(make(*[round(rng.uniform(-6, 6), 4) for _ in range(angles)]), rng.sample(range(n), k))

    def some(depth):
        r, c = rng.random(), rng.choice(registers)
        if 0.55 <= r < 0.72:
            qc.measure(rng.randrange(n), c[rng.randrange(c.size)])
        elif 0.72 <= r < 0.78:
            qc.reset(rng.randrange(n))
        elif r >= 0.95 and depth < 2:
            with qc.switch(c) as case:
                with case(0):
                    some(depth + 1)
                with case(case.DEFAULT):
                    some(depth + 1)
        elif r >= 0.9 and depth < 2:
            with qc.for_loop(range(rng.randint(1, 3))):
                some(depth + 1)
        elif r >= 0.78 and depth < 2:
            with qc.if_test((c, rng.randrange(2**c.size)) if rng.random() < 0.6 else (c[rng.randrange(c.size)], rng.randrange(2))) as otherwise:
                some(depth + 1)
            if rng.random() < 0.5:
                with otherwise:
                    some(depth + 1)
        else:
            gate()

    for _ in range(n):
        gate()
    for _ in range(rng.randint(5, 18)):
        some(0)
    for c in registers:
        qc.measure(rng.randrange(n), c[rng.randrange(c.size)])
    simulator = AerSimulator(seed_simulator=seed)
    counts = simulator.run(transpile(qc, simulator, optimization_level=0), shots=SHOTS).result().get_counts()
    return {'text': qasm3.dumps(qc), 'counts': counts, 'shots': SHOTS}


states, dynamic = int(sys.argv[2]), int(sys.argv[3])
print(json.dumps([state_case() for _ in range(states)] + [dynamic_case(i + 1) for i in range(dynamic)]))
