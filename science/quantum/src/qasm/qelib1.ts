// The gates of OpenQASM 2's qelib1.inc that stdgates.inc does not have, stated in OpenQASM 3.
// Relative-phase Toffoli gates: Maslov, Phys. Rev. A 93:022311 (2016). cu3 is controlled without the phase that u3 has in version 3.

export const QELIB1_FILE = 'qelib1.inc';

export const QELIB1 = `include "stdgates.inc";
gate u(theta, phi, lambda) a { u3(theta, phi, lambda) a; }
gate u0(gamma) a { id a; }
gate sxdg a { inv @ sx a; }
gate csx a, b { ctrl @ sx a, b; }
gate cu1(lambda) a, b { cp(lambda) a, b; }
gate cu3(theta, phi, lambda) a, b { cu(theta, phi, lambda, 0) a, b; }
gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }
gate rc3x a, b, c, d {
  h d; t d; cx c, d; tdg d; h d; cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d; h d; t d; cx c, d; tdg d; h d;
}
gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }
gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }
`;
