# Peers of the quantum suite: Qiskit Aer on the same circuits as @madang/quantum's families, Stim on random Clifford circuits.
# aer FAMILY N -> seconds, best of 3, two threads, fusion on; amplitudes FAMILY N -> JSON of the final state; stim N GATES -> seconds.
import json
import random
import sys
import time
from math import pi


def family(name, n):
    from qiskit import QuantumCircuit
    c = QuantumCircuit(n)
    if name == 'qft':
        for q in range(n):
            c.ry(0.1 * (q + 1), q)
        for q in range(n - 1, -1, -1):
            c.h(q)
            for k in range(q - 1, -1, -1):
                c.cp(pi / 2 ** (q - k), k, q)
        for q in range(n // 2):
            c.swap(q, n - 1 - q)
    elif name == 'ansatz':
        for l in range(4):
            for q in range(n):
                c.ry(0.1 + 0.37 * q + l, q)
            for q in range(n):
                c.rz(0.2 + 0.23 * q - l, q)
            for q in range(n - 1):
                c.cx(q, q + 1)
    else:
        for q in range(n):
            c.h(q)
        for r in range(3):
            for d in (1, 5):
                for q in range(n):
                    t = (q + d) % n
                    c.cx(q, t)
                    c.rz(0.3 + 0.2 * r, t)
                    c.cx(q, t)
            for q in range(n):
                c.rx(0.9 - 0.2 * r, q)
    return c


task = sys.argv[1]
if task == 'stim':
    import stim
    n, gates = int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(1)
    c = stim.Circuit()
    for _ in range(gates):
        k, a = rng.randrange(3), rng.randrange(n)
        if k == 2:
            c.append('CX', [a, (a + 1 + rng.randrange(n - 1)) % n])
        else:
            c.append('HS'[k], [a])
    c.append('M', range(n))
    best = 1e9
    for _ in range(3):
        t = time.perf_counter()
        c.reference_sample()
        best = min(best, time.perf_counter() - t)
    print(best)
else:
    from qiskit_aer import AerSimulator
    c = family(sys.argv[2], int(sys.argv[3]))
    if task == 'amplitudes':
        c.save_statevector()
        v = AerSimulator(method='statevector').run(c).result().get_statevector()
        print(json.dumps([x for a in v.data for x in (a.real, a.imag)]))
    else:
        sim = AerSimulator(method='statevector', fusion_enable=True, max_parallel_threads=2)
        c.measure_all()
        best = 1e9
        for _ in range(3):
            t = time.perf_counter()
            sim.run(c, shots=1).result()
            best = min(best, time.perf_counter() - t)
        print(best)
