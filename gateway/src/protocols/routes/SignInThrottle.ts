import { createHash } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import type { Budget, Claim, Counters } from '@tributary/limits';

const seconds = 15 * 60;
/** Of one account from one address: a person who has forgotten a password. */
const here: Budget = { name: 'sign-in.here', points: 10, seconds };
/** Of one account from everywhere: a password that is guessed from many places. */
const account: Budget = { name: 'sign-in.account', points: 50, seconds };
/** From one address: many accounts tried in turn. An office behind one address signs in less often. */
const address: Budget = { name: 'sign-in.address', points: 1_000, seconds };

/**
 * Holds back who guesses passwords. Every attempt counts before it is looked at, alike for accounts that exist and those that do not;
 * a success makes the account's earlier failures harmless.
 */
export class SignInThrottle {
  constructor(private readonly counters: Counters) {}

  /** Runs an attempt. `subject`: whose password it is, an e-mail or a one-time link. Throws RATE_LIMIT_EXCEEDED, or what `work` throws. */
  async attempt<Result>(subject: string, from: string, work: () => Promise<Result>): Promise<Result> {
    const name = subject.trim().toLowerCase();
    const ofAccount = [claim(here, `${from} ${name}`), claim(account, name)];
    const budgetStates = await this.counters.take([...ofAccount, claim(address, from)]);
    const refused = budgetStates.filter((budgetState) => !budgetState.allowed);
    if (refused.length > 0) {
      throw new CodedError('RATE_LIMIT_EXCEEDED', 'Too many attempts to sign in. Wait, then try again.', {
        retryAfterSeconds: Math.max(...refused.map((budgetState) => budgetState.resetSeconds)),
      });
    }
    const result = await work();
    await Promise.all(ofAccount.map((spent) => this.counters.forget(spent)));
    return result;
  }
}

/** E-mails and addresses are personal: counters know their hashes. */
function claim(budget: Budget, text: string): Claim {
  return { budget, workspaceId: null, identifier: createHash('sha256').update(text).digest('base64url') };
}
