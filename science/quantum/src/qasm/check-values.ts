// Values and places in a program that is being checked: what check.ts needs to walk its statements.
import type { ArrayLiteral, Expression, Index, Operand, Range, Right, Statement, StatementOf } from './ast.ts';
import { builtins } from './builtins.ts';
import { NameChecker, several, type Where } from './check-names.ts';
import { runtimePart } from './constant.ts';

export abstract class ValueChecker extends NameChecker {
  protected abstract block(list: readonly Statement[], where: Where): void;

  protected qubits(o: Operand, where: Where): void {
    for (const i of o.indices) this.index(i, where);
    if (o.name.startsWith('$')) {
      if (this.home(where) === 'gate') this.say('a gate cannot name hardware qubits', o.at);
      return;
    }
    const k = this.find(o.name, where);
    if (!k) this.say(`"${o.name}" is not declared`, o.at);
    else if (k.kind !== 'qubits' && k.kind !== 'alias') this.say(`"${o.name}" is not a qubit`, o.at);
    else if (k.kind === 'qubits' && !k.parts && o.indices.length > 0)
      this.say(`"${o.name}" is a single qubit and has no parts`, o.at);
  }

  protected target(o: Operand, where: Where): void {
    for (const i of o.indices) this.index(i, where);
    const k = this.find(o.name, where);
    if (!k) this.say(`"${o.name}" is not declared`, o.at);
    else if (k.kind !== 'classical' && k.kind !== 'alias')
      this.say(`"${o.name}" cannot take the outcome of a measurement`, o.at);
    else if (k.kind === 'classical' && k.fixed) this.say(`"${o.name}" cannot be changed`, o.at);
  }

  protected right(r: Right | ArrayLiteral, where: Where): void {
    if (r.kind === 'measure') this.qubits(r.operand, where);
    else if (r.kind === 'array') for (const x of r.items) this.right(x, where);
    else if (r.kind === 'quantum-call') {
      for (const a of r.args) this.any(a, where);
      for (const o of r.operands) this.qubits(o, where);
      const k = this.find(r.name, where);
      if (!k) this.say(`"${r.name}" is not declared`, r.at);
      else if (k.kind !== 'def' && k.kind !== 'extern') this.say(`"${r.name}" is not a subroutine`, r.at);
    } else this.value(r, where);
  }

  /** An expression that may name qubits as a whole: arguments and aliases. */
  protected any(e: Expression, where: Where): void {
    if (e.kind === 'hardware') return;
    if (e.kind === 'name' && this.find(e.name, where)?.kind === 'qubits') return;
    if (e.kind === 'index') {
      this.any(e.base, where);
      this.index(e.index, where);
      return;
    }
    if (e.kind === 'group') this.any(e.inner, where);
    else this.value(e, where);
  }

  protected value(e: Expression, where: Where): void {
    switch (e.kind) {
      case 'name': {
        const k = this.find(e.name, where);
        if (!k) this.say(`"${e.name}" is not declared`, e.at);
        else if (k.kind === 'qubits') this.say(`"${e.name}" is a qubit; its value can only be had by measuring`, e.at);
        else if (k.kind === 'gate' || k.kind === 'def' || k.kind === 'extern')
          this.say(`"${e.name}" is not a value`, e.at);
        return;
      }
      case 'hardware':
        this.say(`$${e.index} is a qubit; its value can only be had by measuring`, e.at);
        return;
      case 'group':
        this.value(e.inner, where);
        return;
      case 'index':
        this.value(e.base, where);
        this.index(e.index, where);
        return;
      case 'unary':
        this.value(e.operand, where);
        return;
      case 'binary':
        this.value(e.left, where);
        this.value(e.right, where);
        return;
      case 'cast':
        this.type(e.type, where);
        this.value(e.operand, where);
        return;
      case 'durationof':
        this.block(e.body, where);
        return;
      case 'call': {
        for (const a of e.args) this.any(a, where);
        const k = this.find(e.name, where);
        const b = builtins[e.name];
        if (!k && b) {
          if (e.args.length < b[0] || e.args.length > b[1])
            this.say(
              `${e.name} takes ${several(b[0] === b[1] ? b[0] : `${b[0]} or ${b[1]}`, 'argument')}, not ${e.args.length}`,
              e.at,
            );
        } else if (!k) this.say(`"${e.name}" is not declared`, e.at);
        else if (k.kind !== 'def' && k.kind !== 'extern') this.say(`"${e.name}" is not a subroutine`, e.at);
        else if (e.args.length !== k.parameters)
          this.say(`${e.name} takes ${several(k.parameters, 'argument')}, not ${e.args.length}`, e.at);
        return;
      }
      default:
        return;
    }
  }

  protected index(i: Index, where: Where): void {
    for (const x of i.items) {
      if (x.kind === 'range') this.range(x, where);
      else this.value(x, where);
    }
  }

  protected range(r: Range, where: Where): void {
    for (const e of [r.start, r.step, r.stop]) if (e) this.value(e, where);
  }

  protected type(t: StatementOf<'declare'>['type'], where: Where): void {
    if (t.kind === 'array-type') {
      for (const d of t.dimensions) this.size(d, where);
      if (t.base.kind === 'bit') this.say('an array cannot hold bits; bool can be used instead', t.at);
      this.type(t.base, where);
    } else if ('size' in t && t.size) this.size(t.size, where);
    else if (t.kind === 'complex' && t.part) this.type(t.part, where);
  }

  /** A size in a type or declaration. */
  protected size(e: Expression, where: Where): void {
    this.value(e, where);
    this.known(e, where, 'a size');
  }

  /** Says so when an expression can only be known by running. */
  protected known(e: Expression, where: Where, what: string): void {
    const part = runtimePart(e, name => {
      const k = this.find(name, where);
      return !k || (k.kind === 'classical' && k.constant);
    });
    if (!part) return;
    const cause = part.kind === 'name' ? `"${part.name}" is not const` : 'this part is not';
    this.say(`${what} must be known before the program runs, and ${cause}`, part.at);
  }
}
