// `madang node release`: the steward takes back the budget that a study reserved and never spent, where the aggregators do not close it.
import { releasePath } from '@madang/node/setup';
import type { Command } from '../command.ts';
import { HOME_OPTION, openHome, wholeStudyId } from './home.ts';

export const release: Command = {
  name: 'release',
  summary: 'take back the privacy budget of rounds that a study never spent, when an aggregator is gone for good',
  arguments: [['<study>', 'id of the study (64 hexadecimal digits)']],
  options: [HOME_OPTION],
  async run(args, options) {
    const study = wholeStudyId(args[0]);
    const node = openHome(options);
    await node.memory.putJson(releasePath(study), { by: node.config.org });
    return {
      json: { study, release: true },
      text: 'The node signs it with the steward key once the study is over or its deadline for reveals has passed. Rounds that were spent stay spent.',
    };
  },
};
