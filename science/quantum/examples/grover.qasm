// Grover's search among 32 for the one marked number 11 (binary 01011), which is found with probability 0.999.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 5;
const uint marked = 11;
const uint rounds = 4; // nearest to pi / 4 sqrt(32)
qubit[n] q;
bit[n] found;

def flip_if_zero(qubit[n] r, uint pattern) {
  for uint i in [0:n - 1] {
    if (((pattern >> i) & 1) == 0) x r[i];
  }
}

h q;
for uint k in [1:rounds] {
  flip_if_zero(q, marked);
  ctrl(4) @ z q[0], q[1], q[2], q[3], q[4];
  flip_if_zero(q, marked);
  h q;
  x q;
  ctrl(4) @ z q[0], q[1], q[2], q[3], q[4];
  x q;
  h q;
}
found = measure q;
