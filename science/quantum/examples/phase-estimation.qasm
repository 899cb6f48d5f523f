// Phase estimation: the eigenphase 2 pi 5/16 of a phase gate, read exactly with four qubits: the count is 0101.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 4;
qubit[n] count;
qubit target;
bit[n] phase_bits;

gate turn a { p(2 * pi * 5 / 16.0) a; }

x target;
h count;
for uint k in [0:n - 1] {
  ctrl @ pow(2 ** k) @ turn count[k], target;
}
// Inverse Fourier transform.
for uint i in [0:n / 2 - 1] swap count[i], count[n - 1 - i];
for uint i in [0:n - 1] {
  for uint j in [0:n - 1] {
    if (j < i) cp(-pi / 2.0 ** (i - j)) count[j], count[i];
  }
  h count[i];
}
phase_bits = measure count;
