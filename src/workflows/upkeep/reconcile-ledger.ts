import { ApplicationFailure, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import {
  checkWindow,
  readLedgerCheck,
  type LedgerActivities,
  type LedgerCheck,
  type LedgerCheckInput,
} from '../../contract/ledger-check.ts';
import type { LedgerWindow } from '../../contract/ledger.ts';
import { ledgerCheckOptions } from '../activity-options.ts';

/** Compares what was paid with the gateway's own records and reports the differences. Changes nothing. */
export async function ledgerCheckWorkflow(input: LedgerCheckInput): Promise<LedgerCheck> {
  const { checkLedger } = proxyActivities<LedgerActivities>(ledgerCheckOptions);
  const check = readLedgerCheck(await checkLedger(windowOf(input)));
  const { unknownLocally, missingAtGateway, unresolved } = check;
  setCurrentDetails(
    `**${unknownLocally.count} unknown locally** · ${missingAtGateway.count} missing at the gateway · ${unresolved.count} unresolved`,
  );
  return check;
}

function windowOf(input: LedgerCheckInput): LedgerWindow {
  try {
    return checkWindow(input, Date.now());
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'invalid_request');
  }
}
