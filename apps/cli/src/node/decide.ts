// `madang node approve|decline|stop`: the steward's decisions. The running node signs and sends them; a stop acts at the node at once.
import type { Command } from '../command.ts';
import { findRequest, HOME_OPTION, leaveDecision, openHome, wholeStudyId } from './home.ts';

const STUDY: readonly [string, string] = ['<study>', 'id of the study, or its beginning'];

export const approve: Command = {
  name: 'approve',
  summary: 'approve a pending study; the node signs with the steward key',
  arguments: [STUDY],
  options: [HOME_OPTION],
  async run(args, options) {
    const node = openHome(options);
    const request = await findRequest(node, String(args[0]));
    await leaveDecision(node, request.study, { decision: 'approve' });
    return {
      json: { study: request.study, decision: 'approve' },
      text: `Approved "${request.title}". The node signs it with the steward key of ${node.config.org} and sends it.`,
    };
  },
};

export const decline: Command = {
  name: 'decline',
  summary: 'decline a pending study; the reason goes sealed to the proposer and not to the log',
  arguments: [STUDY],
  options: [HOME_OPTION, { flags: '--reason <text>', description: 'why, for the proposer alone', required: true }],
  async run(args, options) {
    const node = openHome(options);
    const request = await findRequest(node, String(args[0]));
    await leaveDecision(node, request.study, { decision: 'decline', reason: String(options['reason']) });
    return {
      json: { study: request.study, decision: 'decline' },
      text: `Declined "${request.title}". The public sees that an answer is missing, not that you said no.`,
    };
  },
};

export const stop: Command = {
  name: 'stop',
  summary: 'stop taking part in an open study, at once, whether the hub answers or not',
  arguments: [['<study>', 'id of the study (64 hexadecimal digits)']],
  options: [HOME_OPTION],
  async run(args, options) {
    const study = wholeStudyId(args[0]);
    const node = openHome(options);
    await node.memory.putJson(`steward/stopped/${study}.json`, { by: node.config.org });
    return {
      json: { study, stopped: true },
      text: 'Stopped: this node contributes nothing more to the study. It also says so in the log when it can.',
    };
  },
};
